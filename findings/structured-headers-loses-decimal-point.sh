#!/usr/bin/env bash
# structured-headers 2.1.0, and http-message-signatures 1.0.5 on it: the decimal 1.0 is written back as the integer 1.
#
# Guess: parse and serialize give the canonical text of the same value; 1.0 is a Decimal, whose canonical form keeps one
# digit after the point (RFC 9651, section 4.1.5).
# What happens: both types are a JavaScript number, and 1.0 becomes 1; so does each decimal without a fraction. A field that
# is signed with ";sf" or ";key" is signed as another type than it has.
# Why it matters: weights and prices are signed right but for the round ones. (A date with a parameter, "@1659578233;a", is
# no valid item for it either.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts structured-headers@2.1.0 http-message-signatures@1.0.5 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { httpbis } from 'http-message-signatures'
import { parseItem, serializeItem } from 'structured-headers'

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version
let base = ''
const key = { id: 'k', alg: 'hmac-sha256', sign: async (data) => ((base = data.toString()), Buffer.from('x')) }
const signedOf = async (value) => {
  const request = { method: 'GET', url: 'https://api.example.com/', headers: { weight: value } }
  await httpbis.signMessage({ key, fields: ['weight;key="w"'], params: ['keyid'] }, request)
  return base.split('\n')[0].split(': ')[1]
}
let date = 'read'
try {
  parseItem('@1659578233;a')
} catch {
  date = 'refused'
}
const back = serializeItem(parseItem('1.0'))
const seen = `1.0 -> ${back}; signed w=1.0 -> ${await signedOf('w=1.0')}, w=1.5 -> ${await signedOf('w=1.5')}; @1659578233;a ${date}`
console.log(`structured-headers ${versionOf('structured-headers')}, http-message-signatures ${versionOf('http-message-signatures')}: ${seen}`)
process.exit(seen === '1.0 -> 1; signed w=1.0 -> 1, w=1.5 -> 1.5; @1659578233;a refused' ? 0 : 1)
PROGRAM
node try.mjs
