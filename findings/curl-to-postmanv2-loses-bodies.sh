#!/usr/bin/env bash
# curl-to-postmanv2 1.8.4 (Postman's import of curl): --json becomes a GET of nothing, -G keeps the body beside the
# query, and an ampersand in --data-urlencode parts the value.
#
# Guess: an option that the importer does not know is an error, as an unknown option is for curl; -G moves the data into the
# query; and --data-urlencode "q=a&b" is one value, which curl sends as q=a%26b.
# What happens: --json (curl 7.82, 2022) is dropped with its text and the method stays GET; with -G the data is in the query
# and in a form; the value is "a", and "b" is a second name.
# Why it matters: the import succeeds without a warning, and sends another request than the command that was pasted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts curl-to-postmanv2@1.8.4 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { convert } = createRequire(import.meta.url)('curl-to-postmanv2')
const { version } = JSON.parse(readFileSync('node_modules/curl-to-postmanv2/package.json', 'utf8'))
const requestOf = (command) =>
  new Promise((resolve, reject) => {
    convert({ type: 'string', data: command }, (error, { result, reason, output }) => {
      if (error || !result) return reject(error ?? new Error(reason))
      const { method, url, body } = output[0].data
      const form = (body.urlencoded ?? []).map(({ key, value }) => `${key}=${value}`).join(' ')
      resolve(`${method} ${url.replace('https://api.example.com', '')} ${body.mode ? `${body.mode} ${form}` : 'no body'}`)
    })
  })
const options = [`--json '{"id":1}'`, '-G -d page=2', `--data-urlencode 'q=a&b'`]
const seen = await Promise.all(options.map((option) => requestOf(`curl ${option} https://api.example.com/orders`)))
console.log(`curl-to-postmanv2 ${version}: ${options.map((option, index) => `${option} -> ${seen[index]}`).join('; ')}`)
const expected = ['GET /orders no body', 'GET /orders?page=2 urlencoded page=2', 'POST /orders urlencoded q=a b=']
process.exit(seen.join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
