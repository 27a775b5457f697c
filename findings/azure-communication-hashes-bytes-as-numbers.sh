#!/usr/bin/env bash
# @azure/communication-common 2.5.0: x-ms-content-sha256 of a body of bytes is the hash of its numbers, written with commas.
#
# Guess: bytes are hashed as bytes; a Uint8Array is a body type that the pipeline sends as it is.
# What happens: the body's toString() is hashed: of [1, 2, 3] the text "1,2,3". A Buffer of text passes, since its toString()
# gives the text; bytes that are no UTF-8 do not.
# Why it matters: uploads fail with 401 while texts pass, and @azure/app-configuration 1.13.0 has the same line.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @azure/communication-common@2.5.0 @azure/core-rest-pipeline@1.24.0 @azure/core-auth@1.10.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AzureKeyCredential } from '@azure/core-auth'
import { createCommunicationAuthPolicy } from '@azure/communication-common'
import { createEmptyPipeline, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'

const { version } = JSON.parse(readFileSync('node_modules/@azure/communication-common/package.json', 'utf8'))
const pipeline = createEmptyPipeline()
pipeline.addPolicy(createCommunicationAuthPolicy(new AzureKeyCredential(Buffer.from('example key').toString('base64'))))
const transport = { sendRequest: async (request) => ({ status: 200, headers: createHttpHeaders(), request }) }
const hash = (data) => createHash('sha256').update(data).digest('base64')
const hashedOf = async (body, known) => {
  const url = 'https://example.communication.azure.com/items'
  const { request } = await pipeline.sendRequest(transport, createPipelineRequest({ url, method: 'POST', body }))
  const sent = request.headers.get('x-ms-content-sha256')
  return Object.keys(known).find((name) => hash(known[name]) === sent) ?? 'something else'
}
const array = await hashedOf(new Uint8Array([1, 2, 3]), { 'the bytes': Buffer.from([1, 2, 3]), 'the text "1,2,3"': '1,2,3' })
const buffer = await hashedOf(Buffer.from([0xe9]), { 'the byte': Buffer.from([0xe9]), 'the replacement character': '\ufffd' })
console.log(`@azure/communication-common ${version}: Uint8Array [1, 2, 3] is hashed as ${array}, Buffer [0xe9] as ${buffer}`)
process.exit(array === 'the text "1,2,3"' && buffer === 'the replacement character' ? 0 : 1)
PROGRAM
node try.mjs
