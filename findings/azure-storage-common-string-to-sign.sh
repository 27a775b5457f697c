#!/usr/bin/env bash
# @azure/storage-common 12.5.0 (under the blob, queue and file clients): the Shared Key string has Content-Language before
# Content-Encoding, and leaves out parameters of the query that have no value, or an equals sign in it.
#
# Guess: the vendor's own client follows the vendor's page ("Authorize with Shared Key"): Content-Encoding first, then
# Content-Language, and every parameter of the query, several values of a name joined by commas.
# What happens: the two lines are exchanged; "prefix=", and "marker=a=b", are not signed, of a repeated name the last alone.
# Why it matters: as long as both headers are absent nobody sees it. Who adds one by a pipeline policy, or calls an address
# of their own with the exported policy, gets 403 from a client that "cannot" sign wrongly; who takes the client as the
# reference for a signer of their own copies the exchange.
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
const signatureOf = async (query, headers) => {
  const url = `https://account.blob.core.windows.net/box${query}`
  const request = createPipelineRequest({ url, method: 'GET', headers: createHttpHeaders(headers) })
  const { headers: sent } = (await pipeline.sendRequest(transport, request)).request
  return { signature: sent.get('authorization').split(':')[1], date: sent.get('x-ms-date') }
}
const sign = (first, second, date, resource) => {
  const lines = ['GET', first, second, '', '', '', '', '', '', '', '', '', `x-ms-date:${date}`, `/account/box${resource}`]
  return createHmac('sha256', accountKey).update(lines.join('\n')).digest('base64')
}
const both = await signatureOf('', { 'content-encoding': 'gzip', 'content-language': 'de' })
const order =
  both.signature === sign('de', 'gzip', both.date, '') ? 'language, encoding'
  : both.signature === sign('gzip', 'de', both.date, '') ? 'encoding, language' : 'something else'
const query = await signatureOf('?comp=list&prefix=&marker=a=b&include=tags&include=copy')
const signed = query.signature === sign('', '', query.date, '\ncomp:list\ninclude:copy') ? 'comp:list include:copy' : 'something else'
console.log(`@azure/storage-common ${version}: order signed ${order}; of ?comp=list&prefix=&marker=a=b&include=tags&include=copy signed ${signed}`)
process.exit(order === 'language, encoding' && signed === 'comp:list include:copy' ? 0 : 1)
PROGRAM
node try.mjs
