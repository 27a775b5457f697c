#!/usr/bin/env bash
# aws4-axios 3.4.0 with axios 1.21.1: with signQuery, parameters that stand in the address are signed once and sent twice.
#
# Guess: signQuery moves the signature from the headers to the query, and leaves the rest of the address as it is.
# What happens: the signed query, all of it, is added to axios' params, which axios appends to the address that still has its
# own query; of a repeated name the last value is appended once more. With the parameters in "params" only lists are doubled.
# Why it matters: "?page=1" is refused as a wrong signature and params: { page: 1 } is not; without signQuery both work.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts aws4-axios@3.4.0 axios@1.21.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const require = createRequire(import.meta.url)
const axios = require('axios')
const { aws4Interceptor } = require('aws4-axios')
const { version } = JSON.parse(readFileSync('node_modules/aws4-axios/package.json', 'utf8'))
const adapter = async (config) => ({ config, data: axios.getUri(config), status: 200, statusText: 'OK', headers: {} })
const client = axios.create({ adapter })
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' }
const options = { region: 'eu-west-1', service: 'execute-api', signQuery: true }
client.interceptors.request.use(aws4Interceptor({ instance: client, options, credentials }))
const sent = async (query, config) => {
  const { data } = await client.get(`https://a.execute-api.eu-west-1.amazonaws.com/orders${query}`, config)
  return [...new URL(data).searchParams].filter(([name]) => !name.startsWith('X-Amz-')).map((pair) => pair.join('=')).join('&')
}
const inAddress = await sent('?page=1&tag=a&tag=b')
const inParams = await sent('', { params: { page: 1 } })
console.log(`aws4-axios ${version}: ?page=1&tag=a&tag=b is sent as ${inAddress}, params { page: 1 } as ${inParams}`)
process.exit(inAddress === 'page=1&tag=a&tag=b&page=1&tag=b' && inParams === 'page=1' ? 0 : 1)
PROGRAM
node try.mjs
