#!/usr/bin/env bash
# request-oauth 1.0.1: with a port in the address, the port is signed at the end of the path.
#
# Guess: "http://host:8443/orders" is signed with the base URI "http://host:8443/orders" (RFC 5849, section 3.4.1.2: the
# port stands in the authority unless it is the scheme's own).
# What happens: the address is put together again as host, path, query, port: the base URI becomes
# "http://host/orders:8443", and with a query the port becomes the end of its last value.
# Why it matters: it works on the default port, in production, and is refused on every test server.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts request-oauth@1.0.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { version } = require('request-oauth/package.json')
const bases = []
const crypto = require('node:crypto')
const createHmac = crypto.createHmac
crypto.createHmac = (...given) => {
  const hmac = createHmac(...given)
  const update = hmac.update
  hmac.update = function (text, ...rest) {
    bases.push(text)
    return update.call(this, text, ...rest)
  }
  return hmac
}
const oauth = require('request-oauth')
const sign = (port, path) =>
  oauth({ consumer_key: 'key', consumer_secret: 'secret', token: 'token', token_secret: 'secret' })({
    options: { method: 'GET', protocol: 'http:', hostname: 'api.example.com', port, path, headers: {} },
  })
sign('8443', '/orders')
sign('8443', '/orders?page=2')
const seen = bases.map((base) => {
  const [, url, text] = base.split('&').map(decodeURIComponent)
  return `${url} ${text.split('&').filter((pair) => !pair.startsWith('oauth_')).join('&')}`.trim()
})
console.log(`request-oauth ${version}: port 8443 is signed as "${seen.join('" and "')}"`)
process.exit(seen.join() === 'http://api.example.com/orders:8443,http://api.example.com/orders page=2%3A8443' ? 0 : 1)
PROGRAM
node try.mjs
