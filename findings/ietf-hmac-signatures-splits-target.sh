#!/usr/bin/env bash
# @autotelic/ietf-hmac-signatures 0.1.0-next.2: a space stands between path and query of (request-target), and (created) is
# never signed.
#
# Guess: "(request-target): get /orders?page=2" (draft-cavage-http-signatures-12, section 2.3), and a field that one asks for
# is signed or is an error.
# What happens: method, path and query are joined by spaces, "get /orders ?page=2". (created) and (expires) are read as a
# number from the text of the Date header, which is none, and fields without a value are dropped from "headers" in silence.
# Why it matters: other verifiers accept addresses without a query alone, and the lifetime that was asked for is not there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @autotelic/ietf-hmac-signatures@0.1.0-next.2 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const createRequestSigner = createRequire(import.meta.url)('@autotelic/ietf-hmac-signatures')
const { version } = JSON.parse(readFileSync('node_modules/@autotelic/ietf-hmac-signatures/package.json', 'utf8'))
let text = ''
const sign = createRequestSigner({
  keyId: 'key',
  secret: 'example',
  signatureFields: ['(request-target)', '(created)', '(expires)', 'Date'],
  constructSignature: (secret, algorithm, input) => ((text = input), 'signature'),
})
const headers = { Date: 'Mon, 05 Jan 2026 10:00:00 GMT' }
const signed = sign({ method: 'GET', url: 'https://api.example.com/orders?page=2', headers })
const [target] = text.split('\n')
const fields = /headers="([^"]*)"/.exec(signed.headers.Signature)[1]
console.log(`@autotelic/ietf-hmac-signatures ${version}: ${target}; four fields asked for, signed: ${fields}`)
process.exit(target === '(request-target): get /orders ?page=2' && fields === '(request-target) date' ? 0 : 1)
PROGRAM
node try.mjs
