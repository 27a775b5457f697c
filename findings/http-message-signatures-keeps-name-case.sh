#!/usr/bin/env bash
# http-message-signatures 1.0.5: a field named "Content-Type" in the options is signed by that name, in capitals.
#
# Guess: names of components are lower case on the wire (RFC 9421, section 2.1), so the library lowers what it is given, as
# it does when it looks the header up; and @target-uri is what is sent, without a fragment.
# What happens: "Content-Type" stands in Signature-Input and in the signature base as written, and @target-uri of an address
# given as a text is that text, with its fragment and the upper-case letters of its host.
# Why it matters: it signs and verifies with itself; others look for "content-type", or refuse the name.
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
const { headers } = await httpbis.signMessage(
  { key, fields: ['Content-Type', '@target-uri'], params: ['keyid'] },
  { method: 'GET', url: 'https://API.example.com/orders#top', headers: { 'content-type': 'text/plain' } },
)
const [first, second] = base.split('\n')
console.log(`http-message-signatures ${version}: ${headers['Signature-Input']}; ${first}; ${second}`)
const asSeen = first === '"Content-Type": text/plain' && second === '"@target-uri": https://API.example.com/orders#top'
process.exit(asSeen ? 0 : 1)
PROGRAM
node try.mjs
