#!/usr/bin/env bash
# axios-oauth-1.0a 0.4.1 with axios 1.21.1: a form is never signed as a form.
#
# Guess: a body of application/x-www-form-urlencoded is signed parameter by parameter and carries no oauth_body_hash (RFC
# 5849, section 3.4.1.3.1; the body-hash extension forbids it for forms), as the interceptor's source says in a comment.
# What happens: the interceptor looks for a header "content-type" by that spelling, and axios 1 keeps it as
# "Content-Type", however it was written: the form gets a body hash in place of its parameters.
# Why it matters: two libraries that each do their part are refused together; JSON bodies work, so forms are suspected last.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts axios-oauth-1.0a@0.4.1 axios@1.21.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import axios from 'axios'
import oauth from 'axios-oauth-1.0a'

const { version } = JSON.parse(readFileSync('node_modules/axios-oauth-1.0a/package.json', 'utf8'))
const server = createServer(({ headers }, response) => {
  const [, hash = ''] = /oauth_body_hash="([^"]*)"/.exec(headers.authorization) ?? []
  response.end(`${headers['content-type']} ${decodeURIComponent(hash)}`)
}).listen(0, '127.0.0.1', async () => {
  const client = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}`, proxy: false })
  const addOAuth = oauth.default ?? oauth
  addOAuth(client, { algorithm: 'HMAC-SHA256', key: 'key', secret: 'secret', token: 'token', tokenSecret: 'secret' })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const { data } = await client.post('/form', 'id=1', { headers })
  server.close()
  console.log(`axios-oauth-1.0a ${version}, axios ${axios.VERSION}: content type and oauth_body_hash of the form id=1: ${data}`)
  const expected = `${headers['content-type']} ${createHash('sha256').update('id=1').digest('base64')}`
  process.exit(data === expected ? 0 : 1)
})
PROGRAM
node try.mjs
