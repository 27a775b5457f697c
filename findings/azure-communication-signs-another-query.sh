#!/usr/bin/env bash
# @azure/communication-common 2.5.0: the query is signed as URLSearchParams writes it, and sent as it was.
#
# Guess: path and query are signed as they are sent ("HMAC authentication", Azure Communication Services).
# What happens: "?q=a%20b" is sent, "?q=a+b" is signed; so it goes with each mark that URLSearchParams writes otherwise,
# a colon among them. The policy is public (createCommunicationAuthPolicy), for calls that the clients do not have.
# Why it matters: 401 for each query with a space or a colon in it, and the client's log shows a request that looks right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @azure/communication-common@2.5.0 @azure/core-rest-pipeline@1.24.0 @azure/core-auth@1.10.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AzureKeyCredential } from '@azure/core-auth'
import { createCommunicationAuthPolicy } from '@azure/communication-common'
import { createEmptyPipeline, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'

const { version } = JSON.parse(readFileSync('node_modules/@azure/communication-common/package.json', 'utf8'))
const key = Buffer.from('example key').toString('base64')
const pipeline = createEmptyPipeline()
pipeline.addPolicy(createCommunicationAuthPolicy(new AzureKeyCredential(key)))
const transport = { sendRequest: async (request) => ({ status: 200, headers: createHttpHeaders(), request }) }
const url = 'https://example.communication.azure.com/items?q=a%20b&from=10:00'
const { request } = await pipeline.sendRequest(transport, createPipelineRequest({ url, method: 'GET' }))
const hash = createHash('sha256').update('').digest('base64')
const sign = (target) => {
  const text = `GET\n${target}\n${request.headers.get('x-ms-date')};example.communication.azure.com;${hash}`
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')
}
const signature = request.headers.get('authorization').split('Signature=')[1]
const candidates = ['/items?q=a%20b&from=10:00', '/items?q=a+b&from=10%3A00']
const signed = candidates.find((target) => sign(target) === signature)
const { pathname, search } = new URL(request.url)
console.log(`@azure/communication-common ${version}: sent ${pathname}${search}, signed ${signed}`)
process.exit(signed === candidates[1] && pathname + search === candidates[0] ? 0 : 1)
PROGRAM
node try.mjs
