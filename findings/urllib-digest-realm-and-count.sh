#!/usr/bin/env bash
# urllib 4.9.2 (node-modules/urllib): a realm with a comma is cut, and "nc" counts requests of the process, not of the nonce.
#
# Guess: a quoted string may hold commas, and nc says how many requests were sent with this nonce (RFC 7616, section 3.4),
# so the first answer to a new nonce carries 00000001.
# What happens: the challenge is split at each comma, also within quotes, so realm="Orders, Europe" is hashed as "Orders";
# one counter is shared by all requests, servers and users of the process.
# Why it matters: the first is refused as a wrong password; the second by every server that checks the count of a fresh
# nonce, and only from the second request on.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts urllib@4.9.2 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { request } from 'urllib'

const { version } = JSON.parse(readFileSync('node_modules/urllib/package.json', 'utf8'))
let nonces = 0
const seen = []
const server = createServer((incoming, response) => {
  const { authorization } = incoming.headers
  if (authorization === undefined) {
    nonces += 1
    const challenge = `Digest realm="Orders, Europe", qop="auth", nonce="n${nonces}"`
    return response.writeHead(401, { 'www-authenticate': challenge }).end()
  }
  const part = (name) => new RegExp(`\\b${name}="?([^",]*)"?`).exec(authorization)?.[1]
  seen.push(`nonce ${part('nonce')}, nc ${part('nc')}, realm "${part('realm')}"`)
  response.end()
}).listen(0, '127.0.0.1', async () => {
  const address = `http://127.0.0.1:${server.address().port}/orders`
  for (let count = 0; count < 2; count++) await request(address, { digestAuth: 'user:password' })
  server.close()
  console.log(`urllib ${version}: realm "Orders, Europe": ${seen.join('; ')}`)
  process.exit(seen.join('; ') === 'nonce n1, nc 00000001, realm "Orders"; nonce n2, nc 00000002, realm "Orders"' ? 0 : 1)
})
PROGRAM
node try.mjs
