#!/usr/bin/env bash
# @web3-storage/sigv4 1.0.2: a signer's second address lists the checksum header of the first once more, and a key with a
# space is escaped twice in what is signed.
#
# Guess: sign() depends on its arguments; of S3 the path is escaped once (the one service with that exception, and the only
# one that this signer is for).
# What happens: names of headers gather in the signer, so the second of two uploads has the checksum's name twice in
# X-Amz-SignedHeaders, and an address without a checksum demands one; "my file" is sent as my%20file, signed as my%2520file.
# (The date is the signer's too, so a signer that lives longer than X-Amz-Expires gives addresses that are already over.)
# Why it matters: the first upload of a process works, whichever it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @web3-storage/sigv4@1.0.2 >/dev/null
cat >try.mjs <<'PROGRAM'
import { SigV4 } from '@web3-storage/sigv4'
import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('node_modules/@web3-storage/sigv4/package.json', 'utf8'))
const newSigner = () => new SigV4({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example', region: 'us-east-1' })
const signer = newSigner()
const listed = [{ checksum: 'one' }, { checksum: 'two' }, {}].map((options) =>
  signer.sign({ bucket: 'bucket', key: 'key', ...options }).searchParams.get('X-Amz-SignedHeaders'),
)
const url = newSigner().sign({ bucket: 'bucket', key: 'my file' })
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()
const signatureFor = (path) => {
  const pairs = [...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature').map((pair) => pair.map(encodeURIComponent).join('='))
  const canonical = ['PUT', path, pairs.sort().join('&'), `host:${url.host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const [, day, region, service, end] = url.searchParams.get('X-Amz-Credential').split('/')
  const key = [day, region, service, end].reduce(hmac, 'AWS4example')
  const hash = createHash('sha256').update(canonical).digest('hex')
  return hmac(key, ['AWS4-HMAC-SHA256', url.searchParams.get('X-Amz-Date'), [day, region, service, end].join('/'), hash].join('\n')).toString('hex')
}
const signed = ['/my%20file', '/my%2520file'].find((path) => signatureFor(path) === url.searchParams.get('X-Amz-Signature'))
console.log(`@web3-storage/sigv4 ${version}: signed headers of three addresses: ${listed.join(', ')}; sent ${url.pathname}, signed ${signed}`)
const twice = 'host;x-amz-checksum-sha256;x-amz-checksum-sha256'
process.exit(listed[1] === twice && listed[2] === twice && signed === '/my%2520file' ? 0 : 1)
PROGRAM
node try.mjs
