#!/usr/bin/env bash
# aws-sigv4-sign 1.2.1: of a multipart form it signs one body and returns another, under the first one's boundary.
#
# Guess: signRequest() gives a Request that can be handed to fetch; its body is the one whose hash is in the signature, as
# it is for a text or for URLSearchParams.
# What happens: the body is read from a first Request, and the signed headers are put on a second one that is made of the
# same FormData. Each writes the form with a boundary of its own: the Content-Type names the first, the body has the second.
# Why it matters: every upload is refused, as a wrong signature where the body is hashed, else as a form without parts; the
# log shows a Content-Type and a body that each look right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts aws-sigv4-sign@1.2.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { signRequest } = createRequire(import.meta.url)('aws-sigv4-sign')
const { version } = JSON.parse(readFileSync('node_modules/aws-sigv4-sign/package.json', 'utf8'))
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }
const options = { service: 'execute-api', region: 'eu-west-1', credentials }
const look = async (body) => {
  const signed = await signRequest('https://a.execute-api.eu-west-1.amazonaws.com/files', { method: 'POST', body }, options)
  const boundary = signed.headers.get('content-type').split('boundary=')[1]
  const hash = signed.headers.get('x-amz-content-sha256')
  const sent = Buffer.from(await signed.arrayBuffer())
  return { hashed: createHash('sha256').update(sent).digest('hex') === hash, named: !boundary || sent.includes(boundary) }
}
const form = new FormData()
form.set('file', new Blob(['one line']), 'orders.csv')
const multipart = await look(form)
const text = await look(new URLSearchParams({ page: '1' }))
console.log(`aws-sigv4-sign ${version}: the hash is of the body returned: form ${text.hashed}, multipart ${multipart.hashed}; its boundary is in that body: ${multipart.named}`)
process.exit(text.hashed && !multipart.hashed && !multipart.named ? 0 : 1)
PROGRAM
node try.mjs
