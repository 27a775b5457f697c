#!/usr/bin/env bash
# @misskey-dev/node-http-message-signatures 0.0.10: (request-target) has the query when the address is a path, and not when it
# is a whole URL; a header that is absent is signed as "undefined".
#
# Guess: "get /inbox?page=2" (draft-cavage-http-signatures-12, section 2.3), whichever way the address is given: a client has
# the whole URL, a server the path. A header that is absent is an error (section 2.3, item 3), as a missing method is for it.
# What happens: of a whole URL the path alone is signed; a path is taken as it is.
# Why it matters: signer and verifier of the same library differ on the same request, each time there is a query; without one
# they agree, and the inboxes of ActivityPub have none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @misskey-dev/node-http-message-signatures@0.0.10 >/dev/null
cat >try.mjs <<'PROGRAM'
import { genDraftSigningString } from '@misskey-dev/node-http-message-signatures'
import { readFileSync } from 'node:fs'

const { version } = JSON.parse(readFileSync('node_modules/@misskey-dev/node-http-message-signatures/package.json', 'utf8'))
const headers = { host: 'social.example', date: 'Mon, 05 Jan 2026 10:00:00 GMT' }
const textOf = (url) => genDraftSigningString({ method: 'GET', url, headers }, ['(request-target)', 'digest'], {}).split('\n')
const [ofClient, digest] = textOf('https://social.example/outbox?page=2')
const [ofServer] = textOf('/outbox?page=2')
console.log(`@misskey-dev/node-http-message-signatures ${version}: by URL ${ofClient}; by path ${ofServer}; without a digest "${digest}"`)
const expected = ['(request-target): get /outbox', '(request-target): get /outbox?page=2', 'digest: undefined']
process.exit([ofClient, ofServer, digest].join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
