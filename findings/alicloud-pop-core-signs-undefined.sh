#!/usr/bin/env bash
# @alicloud/pop-core 1.8.0: a parameter that is undefined is signed and sent as the text "undefined", and a header of one's
# own removes the version.
#
# Guess: an undefined parameter is left out, as by JSON and by the vendor's newer clients (openapi-util); an object is laid
# out as Filter.Name=a, as it is within a list; headers in the options are added to the client's.
# What happens: "NextToken=undefined", "Filter=[object Object]", both with a valid signature; with a header in the options
# the client's own x-acs-version and x-acs-action are gone.
# Why it matters: the first page of a list, where there is no token yet, is asked for with one; and a trace id changes what a
# gateway that reads the headers sees.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @alicloud/pop-core@1.8.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { RPCClient } = createRequire(import.meta.url)('@alicloud/pop-core')
const { version } = JSON.parse(readFileSync('node_modules/@alicloud/pop-core/package.json', 'utf8'))
const requests = []
const server = createServer((request, response) => {
  requests.push(request)
  response.setHeader('connection', 'close')
  response.end('{}')
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${server.address().port}`
const client = new RPCClient({ endpoint, apiVersion: '2014-05-26', accessKeyId: 'example', accessKeySecret: 'example' })
await client.request('DescribeInstances', { NextToken: undefined, Filter: { Name: 'a' }, Tag: [{ Name: 'a' }] })
await client.request('DescribeInstances', {}, { headers: { 'x-trace': '1' } })
server.close()
const { searchParams } = new URL(requests[0].url, endpoint)
const sent = ['NextToken', 'Filter', 'Tag.1.Name'].map((name) => `${name}=${searchParams.get(name)}`)
const versions = requests.map(({ headers }) => headers['x-acs-version'] ?? 'none')
console.log(`@alicloud/pop-core ${version}: sent ${sent.join(', ')}; x-acs-version ${versions[0]}, with a header of one's own ${versions[1]}`)
process.exit([...sent, ...versions].join() === 'NextToken=undefined,Filter=[object Object],Tag.1.Name=a,2014-05-26,none' ? 0 : 1)
PROGRAM
node try.mjs
