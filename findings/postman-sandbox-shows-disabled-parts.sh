#!/usr/bin/env bash
# postman-sandbox 6.7.4 (what newman and Postman run scripts in): a script reads disabled parameters and headers as if they
# were sent.
#
# Guess: pm.request is the request as it will be sent, so a parameter that is switched off is absent for get() and
# toObject(), as it is for url.toString().
# What happens: has() is true, get() and toObject() give the value of the disabled one, getHeaders() too; the address as text
# and getQueryString() leave it out.
# Why it matters: a script that signs query.toObject() signs more than is sent, as soon as somebody unticks a box.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts postman-sandbox@6.7.4 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const sandbox = createRequire(import.meta.url)('postman-sandbox')
const { version } = JSON.parse(readFileSync('node_modules/postman-sandbox/package.json', 'utf8'))
const query = [{ key: 'page', value: '1' }, { key: 'debug', value: '9', disabled: true }]
const header = [{ key: 'X-Trace', value: 'on', disabled: true }]
const request = { method: 'GET', header, url: { protocol: 'https', host: ['api', 'example', 'com'], path: ['orders'], query } }
const code = `const { url } = pm.request
pm.variables.set('seen', [url.getQueryString(), JSON.stringify(url.query.toObject()), url.query.has('debug'), JSON.stringify(pm.request.getHeaders())].join(' '))`
sandbox.createContext({}, (failed, context) => {
  if (failed) throw failed
  context.execute({ listen: 'prerequest', script: { exec: [code] } }, { context: { request } }, (error, result) => {
    if (error) throw error
    const seen = result._variables.values.find(({ key }) => key === 'seen').value
    console.log(`postman-sandbox ${version}: getQueryString, toObject, has("debug"), getHeaders: ${seen}`)
    context.dispose()
    process.exit(seen === 'page=1 {"page":"1","debug":"9"} true {"X-Trace":"on"}' ? 0 : 1)
  })
})
PROGRAM
node try.mjs
