#!/usr/bin/env bash
# parse-curl 0.2.6: an address that is the data takes the place of the request's, and -b becomes Set-Cookie.
#
# Guess: what follows -d, -H or -b is that option's value, whatever it looks like; and -b sends a Cookie header.
# What happens: each argument that begins with http:// or https:// is the url, so the value of -d is lost, the request has no
# body, and the method stays GET; the cookie is put under the name of a server's header.
# Why it matters: a command that registers a webhook, curl -d https://..., becomes a GET of the webhook; and a session is sent
# where no server reads it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts parse-curl@0.2.6 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const parse = createRequire(import.meta.url)('parse-curl')
const { version } = JSON.parse(readFileSync('node_modules/parse-curl/package.json', 'utf8'))
const hook = parse('curl https://api.example.com/hooks -d https://hook.example/orders')
const cookie = parse('curl -b session=1 https://api.example.com/orders')
console.log(`parse-curl ${version}: -d with an address -> ${hook.method} ${hook.url}, body ${hook.body}; -b session=1 -> ${JSON.stringify(cookie.header)}`)
process.exit(hook.method === 'GET' && hook.url === 'https://hook.example/orders' && hook.body === undefined && cookie.header['Set-Cookie'] === 'session=1' ? 0 : 1)
PROGRAM
node try.mjs
