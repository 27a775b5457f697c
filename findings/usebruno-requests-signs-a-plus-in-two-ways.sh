#!/usr/bin/env bash
# @usebruno/requests 0.20.0 (Bruno's OAuth 1.0): "q=a+b" is signed as a plus in the query, and as a space in a form.
#
# Guess: query and form are parsed alike, as application/x-www-form-urlencoded (RFC 5849, section 3.4.1.3.1), so a plus is a
# space in both; and a request that is signed is sent as it was written.
# What happens: a plus of the query is escaped before it is parsed ("RFC 5849 treats '+' as a literal character", its source
# says), so a%2Bb is signed; with the signature placed in the query, "q=a%20b" is itself rewritten to "q=a+b", which the same
# code would sign otherwise the next time. (It also needs qs, which it does not declare.)
# Why it matters: a search of two words is refused as a wrong signature in the address, and accepted in a form.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @usebruno/requests@0.20.0 qs@6.17.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { applyOAuth1ToRequest } = createRequire(import.meta.url)('@usebruno/requests')
const { version } = JSON.parse(readFileSync('node_modules/@usebruno/requests/package.json', 'utf8'))
const oauth1config = { consumerKey: 'key', consumerSecret: 'secret', timestamp: '1', nonce: 'n' }
const url = 'https://api.example.com/orders'
const sign = (parts, placement) => {
  const request = { url, headers: {}, ...parts, oauth1config: { ...oauth1config, placement } }
  applyOAuth1ToRequest(request)
  return request
}
const signedAs = ({ method, headers }) => {
  const protocol = 'oauth_consumer_key=key&oauth_nonce=n&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1&oauth_version=1.0'
  const signature = decodeURIComponent(/oauth_signature="([^"]*)"/.exec(headers.Authorization)[1])
  return ['q=a%20b', 'q=a%2Bb'].find((pair) => {
    const text = [method, url, `${protocol}&${pair}`].map(encodeURIComponent).join('&')
    return createHmac('sha1', 'secret&').update(text).digest('base64') === signature
  })
}
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const inQuery = signedAs(sign({ method: 'GET', url: `${url}?q=a+b` }))
const inForm = signedAs(sign({ method: 'POST', data: 'q=a+b', headers: form }))
const [rewritten] = new URL(sign({ method: 'GET', url: `${url}?q=a%20b` }, 'query').url).search.slice(1).split('&')
console.log(`@usebruno/requests ${version}: q=a+b is signed as ${inQuery} in the query, ${inForm} in a form; q=a%20b is sent as ${rewritten}`)
process.exit([inQuery, inForm, rewritten].join() === 'q=a%2Bb,q=a%20b,q=a+b' ? 0 : 1)
PROGRAM
node try.mjs
