#!/usr/bin/env bash
# @ltonetwork/http-message-signatures 0.1.12: "@authority" of an address with a port holds the port twice, and a missing
# query is signed as nothing.
#
# Guess: "api.example.com:8443" (RFC 9421, section 2.2.3), and "?" for an absent query (section 2.2.7).
# What happens: "api.example.com:8443:8443", and an empty value.
# Why it matters: both components are in its default list, so only requests with a query on the default port are verified
# by others.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @ltonetwork/http-message-signatures@0.1.12 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { sign } = require('@ltonetwork/http-message-signatures')
const { version } = JSON.parse(readFileSync('node_modules/@ltonetwork/http-message-signatures/package.json', 'utf8'))
let base = ''
const signer = { keyid: 'k', alg: 'hmac-sha256', sign: async (text) => ((base = text), new Uint8Array(1)) }
const request = { method: 'GET', url: 'https://api.example.com:8443/orders', headers: {} }
await sign(request, { signer, components: ['@authority', '@query'] })
const [authority, query] = base.split('\n')
console.log(`@ltonetwork/http-message-signatures ${version}: ${authority}; ${query}`)
process.exit(authority === '"@authority": api.example.com:8443:8443' && query === '"@query": ' ? 0 : 1)
PROGRAM
node try.mjs
