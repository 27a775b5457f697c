#!/usr/bin/env bash
# oauth 0.10.2 (ciaranj/node-oauth): a repeated name in the query is signed under names that are never sent.
#
# Guess: "?id=1&id=2" is signed as two pairs named "id" (RFC 5849, section 3.4.1.3.2 sorts equal names by value); the
# library does just that for an array in a form.
# What happens: the query's values are signed as "id[0]" and "id[1]", while the address that is sent keeps "id" twice.
# Why it matters: the same list is accepted in a form and refused in a query.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts oauth@0.10.2 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { OAuth } = require('oauth')
const { version } = require('oauth/package.json')
const signedOf = (form, url) => {
  let signed = ''
  const client = new OAuth('', '', 'key', 'secret', '1.0', null, 'HMAC-SHA1')
  const createSignature = client._createSignature
  client._createSignature = function (base, secret) {
    signed = decodeURIComponent(base.split('&')[2]).split('&').filter((pair) => !pair.startsWith('oauth_')).join('&')
    return createSignature.call(this, base, secret)
  }
  client._prepareParameters('token', 'secret', form ? 'POST' : 'GET', url, form)
  return decodeURIComponent(signed)
}
const query = signedOf(undefined, 'https://api.example.com/orders?id=1&id=2')
const form = signedOf({ id: ['1', '2'] }, 'https://api.example.com/orders')
console.log(`oauth ${version}: query id=1&id=2 is signed as ${query}, form id=1&id=2 as ${form}`)
process.exit(query === 'id[0]=1&id[1]=2' && form === 'id=1&id=2' ? 0 : 1)
PROGRAM
node try.mjs
