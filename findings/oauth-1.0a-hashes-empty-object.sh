#!/usr/bin/env bash
# oauth-1.0a 2.2.6: the body hash of a request without a body is the hash of the two characters "{}".
#
# Guess: with includeBodyHash, a GET carries either no oauth_body_hash or the hash of zero bytes, as the OAuth Request
# Body Hash extension says (section 3.1: the empty string).
# What happens: authorize() first puts an empty object into request.data, and then hashes it as JSON.
# Why it matters: a server that checks the hash refuses each GET and DELETE, while every POST with JSON passes, so the
# cause is looked for in the method.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts oauth-1.0a@2.2.6 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash, createHmac } from 'node:crypto'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const OAuth = require('oauth-1.0a')
const { version } = require('oauth-1.0a/package.json')
const sha256 = (text) => createHash('sha256').update(text).digest('base64')
const client = OAuth({
  consumer: { key: 'key', secret: 'secret' },
  signature_method: 'HMAC-SHA256',
  hash_function: (text, key) => createHmac('sha256', key).update(text).digest('base64'),
  body_hash_function: sha256,
})
const { oauth_body_hash: hash } = client.authorize({
  method: 'GET',
  url: 'https://api.example.com/orders',
  includeBodyHash: true,
})
const of = hash === sha256('{}') ? '"{}"' : hash === sha256('') ? 'zero bytes' : 'something else'
console.log(`oauth-1.0a ${version}: oauth_body_hash of a GET without a body is ${hash}, the hash of ${of}`)
process.exit(of === '"{}"' ? 0 : 1)
PROGRAM
node try.mjs
