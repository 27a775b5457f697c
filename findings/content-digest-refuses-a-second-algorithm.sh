#!/usr/bin/env bash
# httpbis-digest-headers 1.0.0 and @digitalbazaar/http-digest-header 2.3.0: a right digest is refused when another stands
# beside it.
#
# Guess: a field may carry digests of several algorithms, so that a recipient takes one that it knows and ignores the rest
# (RFC 9530, section 2: "a recipient MAY ignore any or all digests"; RFC 3230 has lists too).
# What happens: the first throws at the name that it does not know, md5 or unixsum of IANA's registry; the second reads a list
# as one value, so a list that begins with SHA-256 is a digest that differs, without an error.
# Why it matters: a sender that adds a stronger digest beside the old one, to change over, is refused by those who could read
# the old one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts httpbis-digest-headers@1.0.0 @digitalbazaar/http-digest-header@2.3.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { verifyHeaderValue } from '@digitalbazaar/http-digest-header'

const { verifyContentDigest } = createRequire(import.meta.url)('httpbis-digest-headers')
const versions = ['httpbis-digest-headers', '@digitalbazaar/http-digest-header'].map((name) => {
  return `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version}`
})
const body = 'one line'
const digest = (name) => createHash(name).update(body).digest('base64')
const verify = (value) => {
  try {
    return verifyContentDigest(body, value)
  } catch ({ message }) {
    return message
  }
}
const field = [`sha-256=:${digest('sha256')}:`, `sha-256=:${digest('sha256')}:, md5=:${digest('md5')}:`].map(verify)
const lists = [`SHA-256=${digest('sha256')}`, `SHA-256=${digest('sha256')},SHA-512=${digest('sha512')}`]
const old = await Promise.all(lists.map(async (headerValue) => (await verifyHeaderValue({ data: body, headerValue })).verified))
console.log(`${versions[0]}: sha-256 ${field[0]}, with md5 ${field[1]}; ${versions[1]}: SHA-256 ${old[0]}, with SHA-512 ${old[1]}`)
process.exit([...field, ...old].join() === "true,Unsupported digest algorithm 'md5'.,true,false" ? 0 : 1)
PROGRAM
node try.mjs
