#!/usr/bin/env bash
# @usebruno/lang 0.39.0: a variable with a colon in its name is read back as another variable, one with a space not at all.
#
# Guess: what jsonToBruV2 writes, bruToJsonV2 reads as it was; names with special characters are put in quotes, as it does for
# headers and parameters.
# What happens: names of variables are not quoted: "key:live" with the value "1" comes back as "key" with "live: 1", "@id" as
# "id" for this request only; for "api key" the whole file is refused. "~debug", of a header too, comes back switched off, and
# spaces at the ends of a value are lost.
# Why it matters: an imported collection is written so, with names that its old home allows, and fails on the next start.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @usebruno/lang@0.39.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { jsonToBruV2, bruToJsonV2 } = createRequire(import.meta.url)('@usebruno/lang')
const { version } = JSON.parse(readFileSync('node_modules/@usebruno/lang/package.json', 'utf8'))
const frame = { meta: { name: 'orders', type: 'http', seq: '1' }, http: { method: 'get', url: 'https://api.example.com', body: 'none', auth: 'none' } }
const readBack = (document) => {
  try {
    return bruToJsonV2(jsonToBruV2({ ...frame, ...document }))
  } catch ({ message }) {
    return { vars: { req: [{ name: message.split(/[:,]/)[0], value: '', enabled: true }] } }
  }
}
const variable = (name) => {
  const { vars } = readBack({ vars: { req: [{ name, value: '1', enabled: true, local: false }] } })
  return [vars.req[0].name, vars.req[0].value, vars.req[0].local ? 'local' : ''].filter(Boolean).join('=')
}
const [header] = readBack({ headers: [{ name: '~debug', value: ' 1 ', enabled: true }] }).headers
const seen = [variable('key:live'), variable('@id'), variable('api key'), `${header.name}="${header.value}" enabled ${header.enabled}`]
console.log(`@usebruno/lang ${version}: variables key:live=1 -> ${seen[0]}, @id=1 -> ${seen[1]}, api key=1 -> ${seen[2]}; header ~debug=" 1 " -> ${seen[3]}`)
process.exit(seen.slice(0, 2).join() === 'key=live: 1,id=1=local' && /^Line/.test(seen[2]) && seen[3] === 'debug="1" enabled false' ? 0 : 1)
PROGRAM
node try.mjs
