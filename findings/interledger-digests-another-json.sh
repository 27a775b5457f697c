#!/usr/bin/env bash
# @interledger/http-signature-utils 2.0.3 (Open Payments): Content-Digest is of the body written anew, Content-Length of the
# body as it is.
#
# Guess: the digest is of the bytes that are sent (RFC 9530, section 2); a body is a text here, so its author chose its form.
# What happens: the digest is of JSON.stringify(JSON.parse(body)): without spaces, 1.50 as 1.5, and a number of 20 digits
# rounded. Both headers are signed.
# Why it matters: a body that was indented, or has an amount with a trailing zero, is refused with a digest that differs,
# and two headers of one call describe two bodies.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @interledger/http-signature-utils@2.0.3 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { createHeaders } = createRequire(import.meta.url)('@interledger/http-signature-utils')
const { version } = JSON.parse(readFileSync('node_modules/@interledger/http-signature-utils/package.json', 'utf8'))
const { privateKey } = generateKeyPairSync('ed25519')
const digestOf = (text) => `sha-512=:${createHash('sha512').update(text).digest('base64')}:`
const body = '{ "amount": 1.50, "id": 12345678901234567890 }'
const request = { method: 'POST', url: 'https://wallet.example/payments', headers: {}, body }
const headers = await createHeaders({ request, privateKey, keyId: 'key' })
const digested = [body, '{"amount":1.5,"id":12345678901234567000}'].find((text) => digestOf(text) === headers['Content-Digest'])
console.log(`@interledger/http-signature-utils ${version}: body of ${body.length} bytes, Content-Length ${headers['Content-Length']}, digest of ${digested}`)
process.exit(headers['Content-Length'] === String(body.length) && digested !== undefined && digested !== body ? 0 : 1)
PROGRAM
node try.mjs
