#!/usr/bin/env bash
# mastercard-oauth1-signer 1.2.0: equal pairs of a query are signed once, a default port that is written out stays, and of
# several exclamation marks in a value only the first is escaped.
#
# Guess: RFC 5849, which its comments name section by section: each pair is signed (3.4.1.3), ":443" is left out of the base
# URI of https (3.4.1.2), every character but the unreserved ones is escaped (3.6).
# What happens: values are kept in a set, the port is compared with a number although it is a text, and the replacement
# replaces once.
# Why it matters: it is what the vendor's own servers are tested with, so a signer that follows the RFC differs from it just
# here; "?id=1&id=1" is the query of many a generated client.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts mastercard-oauth1-signer@1.2.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const oauth = require('mastercard-oauth1-signer')
const { version } = require('mastercard-oauth1-signer/package.json')
const parameters = (query) =>
  oauth.toOAuthParamString(oauth.extractQueryParams(`https://api.example.com/a?${query}`), new Map())
const pairs = parameters('id=1&id=1')
const marks = oauth.getSignatureBaseString('GET', 'https://api.example.com/a', parameters('q=a!b!')).split('&')[2]
const port = oauth.getBaseUriString('https://api.example.com:443/a')
console.log(`mastercard-oauth1-signer ${version}: id=1&id=1 -> ${pairs}; q=a!b! -> ${marks}; https://api.example.com:443/a -> ${port}`)
process.exit(pairs === 'id=1' && marks === 'q%3Da%21b!' && port === 'https://api.example.com:443/a' ? 0 : 1)
PROGRAM
node try.mjs
