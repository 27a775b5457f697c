#!/usr/bin/env bash
# aws4fetch 1.0.20: of a Request without a Content-Type the body is not sent, and its signal and redirect mode are lost.
#
# Guess: sign(request) and fetch(request) take a Request as fetch() does; a body of bytes has no Content-Type (the Fetch
# standard gives one to texts, forms and typed blobs alone) and is signed and sent like any other.
# What happens: the body is read only if there is a Content-Type. A PUT of bytes becomes a PUT of nothing, rightly signed; the
# same bytes as sign(url, { body }) arrive. Of the Request's other settings none is carried over.
# Why it matters: S3 stores an empty object and answers 200; and a request that was to be given up after a time is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts aws4fetch@1.0.20 >/dev/null
cat >try.mjs <<'PROGRAM'
import { AwsClient } from 'aws4fetch'
import { readFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('node_modules/aws4fetch/package.json', 'utf8'))
const aws = new AwsClient({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' })
const url = 'https://bucket.s3.eu-west-1.amazonaws.com/orders.bin'
const control = new AbortController()
const init = { method: 'PUT', body: new Uint8Array([1, 2, 3]), redirect: 'manual', signal: control.signal }
const fromRequest = await aws.sign(new Request(url, init))
const fromAddress = await aws.sign(url, init)
const sizes = [fromRequest, fromAddress].map(async (request) => (await request.clone().arrayBuffer()).byteLength)
const [ofRequest, ofAddress] = await Promise.all(sizes)
control.abort()
console.log(`aws4fetch ${version}: bytes sent of three: ${ofRequest} from a Request, ${ofAddress} from an address; redirect ${fromRequest.redirect}, aborted ${fromRequest.signal.aborted}`)
process.exit(ofRequest === 0 && ofAddress === 3 && fromRequest.redirect === 'follow' && !fromRequest.signal.aborted ? 0 : 1)
PROGRAM
node try.mjs
