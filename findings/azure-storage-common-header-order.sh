#!/usr/bin/env bash
# @azure/storage-common 12.5.0: x-ms- headers are signed in the order of .NET's culture, not of their bytes.
#
# Guess: the vendor's page says "sort the headers lexicographically by header name", so an underscore (0x5F) stands before
# "a" (0x61), a digit before a letter, and a signer calls sort().
# What happens: tables of the en-US culture are built in, as the service uses them. A hyphen counts for nothing until all
# else is equal: "x-ms-meta-ab" stands before "x-ms-meta-a-c", which bytes put first.
# Why it matters: a signer that sorts bytes is right until the day when two names of metadata differ by a hyphen.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @azure/storage-common@12.5.0 @azure/core-rest-pipeline@1.24.0 @azure/core-auth@1.10.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createEmptyPipeline, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'
import { storageSharedKeyCredentialPolicy } from '@azure/storage-common'

const { version } = JSON.parse(readFileSync('node_modules/@azure/storage-common/package.json', 'utf8'))
const accountKey = Buffer.from('example key')
const pipeline = createEmptyPipeline()
pipeline.addPolicy(storageSharedKeyCredentialPolicy({ accountName: 'account', accountKey }))
const transport = { sendRequest: async (request) => ({ status: 200, headers: createHttpHeaders(), request }) }
const url = 'https://account.blob.core.windows.net/box'
const headers = createHttpHeaders({ 'x-ms-meta-a-c': '1', 'x-ms-meta-ab': '2' })
const { request } = await pipeline.sendRequest(transport, createPipelineRequest({ url, method: 'GET', headers }))
const sign = (names) => {
  const lines = names.map((name) => `${name}:${request.headers.get(name)}`)
  const text = ['GET', ...Array(11).fill(''), ...lines, '/account/box'].join('\n')
  return createHmac('sha256', accountKey).update(text).digest('base64')
}
const sent = request.headers.get('authorization').split(':')[1]
const asBytes = ['x-ms-date', 'x-ms-meta-a-c', 'x-ms-meta-ab']
const asCulture = ['x-ms-date', 'x-ms-meta-ab', 'x-ms-meta-a-c']
const order = sent === sign(asCulture) ? asCulture : sent === sign(asBytes) ? asBytes : ['something else']
console.log(`@azure/storage-common ${version}: signed in the order ${order.join(', ')}; bytes would give ${asBytes.join(', ')}`)
process.exit(order === asCulture ? 0 : 1)
PROGRAM
node try.mjs
