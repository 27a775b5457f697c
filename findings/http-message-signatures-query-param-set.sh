#!/usr/bin/env bash
# http-message-signatures 1.0.5: "@query-param" is encoded as encodeURIComponent does, not as RFC 9421 says.
#
# Guess: a library that was written for this RFC encodes a parameter's value by its section 2.2.8, with the percent-encode
# set of application/x-www-form-urlencoded: of the marks only * - . _ stay.
# What happens: ! ' ( ) ~ stay as they are.
# Why it matters: search words with a bracket or an apostrophe are verified only by the same library.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts http-message-signatures@1.0.5 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { httpbis } from 'http-message-signatures'

const { version } = JSON.parse(readFileSync('node_modules/http-message-signatures/package.json', 'utf8'))
let base = ''
const key = { id: 'k', alg: 'hmac-sha256', sign: async (data) => ((base = data.toString()), Buffer.from('x')) }
await httpbis.signMessage(
  { key, fields: ['@query-param;name="q"'], params: ['keyid'] },
  { method: 'GET', url: "https://api.example.com/search?q=rock'n'roll!(live)~*", headers: {} },
)
const signed = base.split('\n')[0].split(': ')[1]
console.log(`http-message-signatures ${version}: q=rock'n'roll!(live)~* is signed as ${signed}, by RFC 9421 rock%27n%27roll%21%28live%29%7E*`)
process.exit(signed === "rock'n'roll!(live)~*" ? 0 : 1)
PROGRAM
node try.mjs
