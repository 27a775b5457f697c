#!/usr/bin/env bash
# httpsnippet 3.0.10: of one archived request the snippets send different bodies, when a form has a name twice or JSON a long
# number.
#
# Guess: the snippets of all languages send the body of the archive: a form's "id" twice is id=1&id=2, a text is that text.
# What happens: curl's snippet has both ids; that of fetch gives a list to URLSearchParams, which joins it to "1,2"; that of
# axios sets the name twice, so the last stays. JSON is parsed and written anew for fetch: a number of 20 digits is rounded,
# 1.50 becomes 1.5, while curl's has the text.
# Why it matters: a signature that was recorded, or computed for the snippet that worked, does not fit the one in another
# language.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts httpsnippet@3.0.10 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { HTTPSnippet } = createRequire(import.meta.url)('httpsnippet')
const { version } = JSON.parse(readFileSync('node_modules/httpsnippet/package.json', 'utf8'))
const snippetOf = (postData) => {
  const frame = { method: 'POST', url: 'https://api.example.com/orders', httpVersion: 'HTTP/1.1', headersSize: -1, bodySize: -1 }
  return new HTTPSnippet({ ...frame, headers: [], cookies: [], queryString: [], postData })
}
const params = [{ name: 'id', value: '1' }, { name: 'id', value: '2' }]
const form = snippetOf({ mimeType: 'application/x-www-form-urlencoded', params })
const evaluate = (code) => new Function(`${code}`)()
const curl = form.convert('shell', 'curl').match(/--data \S+/g).map((option) => option.slice(7)).join('&')
const fetched = String(evaluate(`return ${/new URLSearchParams\(.*\)/.exec(form.convert('javascript', 'fetch'))[0]}`))
const axios = String(evaluate(`${form.convert('node', 'axios').match(/(const encodedParams|encodedParams\.set).*/g).join('\n')}\nreturn encodedParams`))
const json = snippetOf({ mimeType: 'application/json', text: '{"id":12345678901234567890,"price":1.50}' })
const texts = [json.convert('shell', 'curl'), json.convert('javascript', 'fetch')].map((code) => /\{"id.*?\}/.exec(code)[0])
console.log(`httpsnippet ${version}: form of curl ${curl}, fetch ${fetched}, axios ${axios}; JSON of curl ${texts[0]}, fetch ${texts[1]}`)
const expected = ['id=1&id=2', 'id=1%2C2', 'id=2', '{"id":12345678901234567890,"price":1.50}', '{"id":12345678901234567000,"price":1.5}']
process.exit([curl, fetched, axios, ...texts].join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
