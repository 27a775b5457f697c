#!/usr/bin/env bash
# node-oauth-1.0a-ts 4.0.5: names are sorted before they are encoded, and lists of the caller are sorted where they stand.
#
# Guess: names are first encoded and then sorted (RFC 5849, section 3.4.1.3.2, steps 1 and 2), so "item[1]", which is
# item%5B1%5D, stands before "item2"; and signing reads the form.
# What happens: "[" comes after the digits and "%" before them, so the pairs are signed in the other order; and signing sorts
# an array of request.data itself, so a form that is written after signing has another order than its author gave.
# Why it matters: names with brackets are right alone and wrong beside a name with a digit; "the first of the list" becomes
# another one, with a valid signature.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts node-oauth-1.0a-ts@4.0.5 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const OAuth = createRequire(import.meta.url)('node-oauth-1.0a-ts')
const { version } = JSON.parse(readFileSync('node_modules/node-oauth-1.0a-ts/package.json', 'utf8'))
const data = { 'item[1]': 'a', item2: 'b', recipient: ['zoe', 'ann'] }
const oauth = new OAuth({ consumer: { public: 'key', secret: 'secret' } })
const signed = oauth.authorize({ method: 'POST', url: 'https://api.example.com/orders', data })
const items = ['item2=b&item%5B1%5D=a', 'item%5B1%5D=a&item2=b']
const protocol = Object.entries(signed).filter(([name]) => name !== 'oauth_signature').map((pair) => pair.map(encodeURIComponent).join('='))
const order = items.find((pairs) => {
  const parameters = [pairs, ...protocol.sort(), 'recipient=ann&recipient=zoe'].join('&')
  const text = ['POST', 'https://api.example.com/orders', parameters].map(encodeURIComponent).join('&')
  return createHmac('sha1', 'secret&').update(text).digest('base64') === signed.oauth_signature
})
console.log(`node-oauth-1.0a-ts ${version}: signed as ${order}; the caller's list after signing: ${data.recipient}`)
process.exit(order === items[0] && data.recipient.join() === 'ann,zoe' ? 0 : 1)
PROGRAM
node try.mjs
