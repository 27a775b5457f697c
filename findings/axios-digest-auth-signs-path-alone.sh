#!/usr/bin/env bash
# @mhoc/axios-digest-auth 0.8.0: the query is left out of the digest, and a nonce with "=" in it is cut.
#
# Guess: "uri" is the request target with its query (RFC 7616, section 3.4), and a nonce is sent back as it came.
# What happens: the path alone is hashed and sent as uri, whatever the query in url or params; the challenge is split at
# each "=", so of a base64 nonce the padding is lost, and opaque is not sent back.
# Why it matters: a server that compares uri with the request line (Apache does) or the nonce with its own refuses; the
# same client works on addresses without a query.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @mhoc/axios-digest-auth@0.8.0 axios@1.21.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const AxiosDigestAuth = require('@mhoc/axios-digest-auth').default
const { version } = JSON.parse(readFileSync('node_modules/@mhoc/axios-digest-auth/package.json', 'utf8'))
const server = createServer((request, response) => {
  const { authorization } = request.headers
  if (authorization === undefined) {
    const challenge = 'Digest realm="orders", qop="auth", nonce="bm9uY2U=", opaque="kept"'
    return response.writeHead(401, { 'www-authenticate': challenge }).end()
  }
  response.end(JSON.stringify({ target: request.url, authorization }))
}).listen(0, '127.0.0.1', async () => {
  const client = new AxiosDigestAuth({ username: 'user', password: 'password' })
  const { data } = await client.request({ url: `http://127.0.0.1:${server.address().port}/orders?page=2`, proxy: false })
  server.close()
  const part = (name) => new RegExp(`${name}="([^"]*)"`).exec(data.authorization)?.[1] ?? 'absent'
  console.log(`@mhoc/axios-digest-auth ${version}: target ${data.target}, uri ${part('uri')}; nonce bm9uY2U= came back as ${part('nonce')}; opaque ${part('opaque')}`)
  process.exit(part('uri') === '/orders' && part('nonce') === 'bm9uY2U' && part('opaque') === 'absent' ? 0 : 1)
})
PROGRAM
node try.mjs
