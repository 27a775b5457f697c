#!/usr/bin/env bash
# insomnia-importers 3.6.0: of a Postman collection, headers that are switched off come out switched on, and the collection's
# authorization is gone.
#
# Guess: "disabled" means the same for headers as for the fields of a form, where the importer keeps it; and an authorization
# that requests inherit is given to each of them, or the import says what it left out.
# What happens: the field keeps disabled: true, the header beside it loses it; the collection's bearer token reaches neither
# the folder nor the request, whose authentication is empty; nor is an API key of the request's own kept.
# Why it matters: headers that somebody switched off, for being wrong or secret, are sent after the import; and requests that
# were signed in are anonymous.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts insomnia-importers@3.6.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { convert } = createRequire(import.meta.url)('insomnia-importers')
const { version } = JSON.parse(readFileSync('node_modules/insomnia-importers/package.json', 'utf8'))
const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'
const off = [{ key: 'debug', value: '1', disabled: true }]
const url = 'https://api.example.com/orders'
const apikey = [{ key: 'key', value: 'X-Key' }, { key: 'value', value: 'example' }]
const item = [
  { name: 'inherits', request: { method: 'POST', url, header: off, body: { mode: 'urlencoded', urlencoded: off } } },
  { name: 'own', request: { method: 'GET', url, auth: { type: 'apikey', apikey } } },
]
const auth = { type: 'bearer', bearer: [{ key: 'token', value: 'example' }] }
const { data } = await convert(JSON.stringify({ info: { name: 'orders', schema }, auth, item }))
const [folder, inherits, own] = data.resources
const header = JSON.stringify(inherits.headers[0])
const seen = [folder.authentication, inherits.authentication, own.authentication].map((value) => JSON.stringify(value))
console.log(`insomnia-importers ${version}: header ${header}, form field disabled ${inherits.body.params[0].disabled}; authentication of collection, request, request with a key: ${seen.join(', ')}`)
process.exit(header === '{"name":"debug","value":"1"}' && inherits.body.params[0].disabled && seen.join() === ',{},{}' ? 0 : 1)
PROGRAM
node try.mjs
