#!/usr/bin/env bash
# axios-oauth-1.0a 0.4.1 with axios 1.21.1: a form is never signed as a form, and arrays in params are signed joined.
#
# Guess: a body of application/x-www-form-urlencoded is signed parameter by parameter and carries no oauth_body_hash (RFC
# 5849, section 3.4.1.3.1; the body-hash extension forbids it for forms), as the interceptor's source says in a comment;
# params: { id: [1, 2] } is signed as the pairs that axios sends.
# What happens: the interceptor looks for a header "content-type" by that spelling, and axios 1 keeps it as
# "Content-Type", however it was written: the form gets a body hash in place of its parameters. An array in params is
# signed as "id=1,2", while axios sends "id[]=1&id[]=2".
# Why it matters: two libraries that each do their part are refused together; JSON bodies work, so forms are suspected last.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts axios-oauth-1.0a@0.4.1 axios@1.21.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
import { readFileSync } from 'node:fs'
const { version } = JSON.parse(readFileSync('node_modules/axios-oauth-1.0a/package.json', 'utf8'))
const axios = require('axios')
const addOAuth = require('axios-oauth-1.0a').default
const versions = `axios-oauth-1.0a ${version}, axios ${axios.VERSION}`

const escape = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
const accepts = (request, body) => {
  const url = new URL(request.url, `http://${request.headers.host}`)
  const header = [...request.headers.authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value)])
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const pairs = [...url.searchParams, ...(isForm ? new URLSearchParams(body) : []), ...header.filter(([name]) => name !== 'oauth_signature')]
  const text = pairs.map(([name, value]) => `${escape(name)}=${escape(value)}`).sort().join('&')
  const base = [request.method, escape(url.origin + url.pathname), escape(text)].join('&')
  const expected = createHmac('sha256', 'secret&secret').update(base).digest('base64')
  return { ok: expected === Object.fromEntries(header).oauth_signature, hash: Object.fromEntries(header).oauth_body_hash !== undefined }
}

const seen = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => (body += part)).on('end', () => {
    const { ok, hash } = accepts(request, body)
    seen.push(`${request.method} ${request.url} ${ok ? 'accepted' : 'refused'}${hash ? ' with a body hash' : ''}`)
    response.end()
  })
}).listen(0, '127.0.0.1', async () => {
  const client = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}`, proxy: false })
  addOAuth(client, { algorithm: 'HMAC-SHA256', key: 'key', secret: 'secret', token: 'token', tokenSecret: 'secret' })
  await client.get('/plain', { params: { id: 1 } })
  await client.post('/form', 'id=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  await client.get('/list', { params: { id: [1, 2] } })
  server.close()
  console.log(`${versions}: ${seen.join('; ')}`)
  const expected = 'GET /plain?id=1 accepted; POST /form refused with a body hash; GET /list?id%5B%5D=1&id%5B%5D=2 refused'
  process.exit(seen.join('; ') === expected ? 0 : 1)
})
PROGRAM
node try.mjs
