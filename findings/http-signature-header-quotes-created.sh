#!/usr/bin/env bash
# @digitalbazaar/http-signature-header 5.0.1: "created" is written in quotes, and one without quotes is a syntax error.
#
# Guess: created and expires are integers without quotes, as in the example of the draft that it follows
# (draft-cavage-http-signatures-12, appendix C.3: created=1402170695), and a parser reads that example.
# What happens: it writes created="1402170695", and throws "bad param format" at the draft's own form.
# Why it matters: both sides on this library understand each other; between it and another one each direction fails as soon as
# (created) is signed, which is its default.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @digitalbazaar/http-signature-header@5.0.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createAuthzHeader, parseRequest } from '@digitalbazaar/http-signature-header'
import { readFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('node_modules/@digitalbazaar/http-signature-header/package.json', 'utf8'))
const created = 1402170695
const includeHeaders = ['(request-target)', '(created)', 'host']
const written = createAuthzHeader({ keyId: 'test-key-a', algorithm: 'hs2019', includeHeaders, signature: 'YQ==', created })
const read = (text) => {
  try {
    const headers = { authorization: `Signature keyId="test-key-a",algorithm="hs2019",${text},headers="(request-target) (created) host",signature="YQ=="`, host: 'example.org' }
    return parseRequest({ method: 'POST', url: '/foo', headers }, { now: created }).params.created
  } catch ({ message }) {
    return message
  }
}
const parts = [/created=[^,]*/.exec(written)[0], read(`created=${created}`), read(`created="${created}"`)]
console.log(`@digitalbazaar/http-signature-header ${version}: writes ${parts[0]}; reads created=${created}: ${parts[1]}; in quotes: ${parts[2]}`)
process.exit(parts.join() === `created="${created}",bad param format,${created}` ? 0 : 1)
PROGRAM
node try.mjs
