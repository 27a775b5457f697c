#!/usr/bin/env bash
# digest-fetch 3.1.1: the algorithm that the server asks for is not read; it answers SHA-256 with MD5.
#
# Guess: a client that lists SHA-256 among its algorithms takes it from the challenge (RFC 7616, section 3.3: "algorithm").
# What happens: the algorithm comes from the constructor's option alone, MD5 without one. A challenge with
# algorithm=SHA-256 is answered with algorithm=MD5 and an MD5 response, and the second 401 is returned as the answer.
# Why it matters: the password looks wrong on every server that has moved on from MD5, while curl logs in.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts digest-fetch@3.1.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import DigestClient from 'digest-fetch'

const { version } = JSON.parse(readFileSync('node_modules/digest-fetch/package.json', 'utf8'))
const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const seen = []
const server = createServer((request, response) => {
  const given = Object.fromEntries([...(request.headers.authorization ?? '').matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name, value]) => [name, value]))
  const expected = sha256([sha256('user:orders:password'), 'n1', given.nc, given.cnonce, 'auth', sha256(`GET:${request.url}`)].join(':'))
  seen.push(given.algorithm ?? 'none')
  if (given.response === expected) return response.end()
  response.writeHead(401, { 'www-authenticate': 'Digest realm="orders", qop="auth", algorithm=SHA-256, nonce="n1"' }).end()
}).listen(0, '127.0.0.1', async () => {
  const address = `http://127.0.0.1:${server.address().port}/orders`
  const left = (await new DigestClient('user', 'password').fetch(address)).status
  const named = (await new DigestClient('user', 'password', { algorithm: 'SHA-256' }).fetch(address)).status
  server.close()
  console.log(`digest-fetch ${version}: challenge algorithm=SHA-256 was answered with ${seen[1]}, status ${left}; with the option algorithm SHA-256, status ${named}`)
  process.exit(seen[1] === 'MD5' && left === 401 && named === 200 ? 0 : 1)
})
PROGRAM
node try.mjs
