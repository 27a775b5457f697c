#!/usr/bin/env bash
# oauth-1.0a 2.2.6: of a query it decodes the values but not the names, and drops what follows a second equals sign.
#
# Guess: names and values are decoded and encoded alike (RFC 5849, section 3.4.1.3.1), and a value ends at the ampersand.
# What happens: "filter%5Bid%5D=7" is signed as if the name were the text "filter%5Bid%5D"; of "token=YWI=" the trailing
# "=" is left out, and so is all of a base64 value's padding; an empty first value of a repeated name is dropped.
# Why it matters: filters with brackets (JSON:API, OData, PHP) and base64 cursors are refused as a wrong signature, page
# one works and page two does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts oauth-1.0a@2.2.6 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const OAuth = require('oauth-1.0a')
const { version } = require('oauth-1.0a/package.json')
const signedOf = (query) => {
  let signed = ''
  OAuth({
    consumer: { key: 'key', secret: 'secret' },
    signature_method: 'HMAC-SHA1',
    hash_function: (text, key) => {
      signed = decodeURIComponent(text.split('&')[2]).split('&').filter((pair) => !pair.startsWith('oauth_')).join('&')
      return createHmac('sha1', key).update(text).digest('base64')
    },
  }).authorize({ method: 'GET', url: `https://api.example.com/orders?${query}` })
  return signed
}
const seen = ['filter%5Bid%5D=7', 'token=YWI=', 'tag=&tag=a'].map((query) => `${query} -> ${signedOf(query)}`)
console.log(`oauth-1.0a ${version}: ${seen.join(', ')}`)
const expected = ['filter%5Bid%5D=7 -> filter%255Bid%255D=7', 'token=YWI= -> token=YWI', 'tag=&tag=a -> tag=a']
process.exit(seen.join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
