#!/usr/bin/env bash
# har-to-k6 0.14.16 (Grafana): of a name that stands twice, the query gets a third and the form a single one.
#
# Guess: the script of k6 sends the recorded request again. An archive has the query twice, in the address and as a list, as
# every browser writes it; both say the same.
# What happens: each pair of the list is compared with the first value of its name in the address and added when it differs,
# so "?id=1&id=2" becomes "?id=1&id=2&id=2"; the same pairs in the form become "id=1%2C2".
# Why it matters: a load test of a list is answered with 400, or tests another case than was recorded, and a recorded
# signature fits neither part; requests without lists are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts har-to-k6@0.14.16 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { liHARToK6Script } = createRequire(import.meta.url)('har-to-k6')
const { version } = JSON.parse(readFileSync('node_modules/har-to-k6/package.json', 'utf8'))
const queryString = [{ name: 'id', value: '1' }, { name: 'id', value: '2' }]
const postData = { mimeType: 'application/x-www-form-urlencoded', params: queryString }
const frame = { method: 'POST', httpVersion: 'HTTP/1.1', headers: [], cookies: [], headersSize: -1, bodySize: -1 }
const request = { ...frame, url: 'https://api.example.com/orders?id=1&id=2', queryString, postData }
const { main } = await liHARToK6Script({ log: { version: '1.2', creator: { name: 'example', version: '1' }, entries: [{ request }] } })
const [, query, body] = /http\.post\(\s*'[^'?]*\?([^']*)',\s*'([^']*)'/.exec(main)
console.log(`har-to-k6 ${version}: recorded id=1&id=2 in query and form; sent: query ${query}, form ${body}`)
process.exit(query === 'id=1&id=2&id=2' && body === 'id=1%2C2' ? 0 : 1)
PROGRAM
node try.mjs
