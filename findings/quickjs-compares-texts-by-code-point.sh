#!/usr/bin/env bash
# quickjs-emscripten 0.32.0 (and QuickJS under other names): localeCompare knows no language, and gives any number.
#
# Guess: without Intl, localeCompare still puts "a" before "B", as every browser and Node do, and answers -1, 0 or 1.
# What happens: texts are compared by code points, and the answer is their distance: "B" stands before "a", and comparing
# "ä" with "z" gives 106. (1234.5).toLocaleString("de-DE") is "1234.5".
# Why it matters: many a signing script sorts parameter names with localeCompare. In a sandbox on QuickJS it signs another
# order than under Node as soon as names mix capitals, without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts quickjs-emscripten@0.32.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { getQuickJS } from 'quickjs-emscripten'

const { version } = JSON.parse(readFileSync('node_modules/quickjs-emscripten/package.json', 'utf8'))
const context = (await getQuickJS()).newContext()
const code = `['timestamp', 'Action', 'nonce', 'Version', 'apiKey'].sort((a, b) => a.localeCompare(b)).join(' ')
  + ' | ' + 'ä'.localeCompare('z') + ' | ' + (1234.5).toLocaleString('de-DE')`
const handle = context.unwrapResult(context.evalCode(code))
const there = context.dump(handle)
handle.dispose()
context.dispose()
const here = (0, eval)(code)
console.log(`quickjs-emscripten ${version}: ${there}; Node ${process.version}: ${here}`)
const expected = 'Action Version apiKey nonce timestamp | 106 | 1234.5'
process.exit(there === expected && here === 'Action apiKey nonce timestamp Version | -1 | 1.234,5' ? 0 : 1)
PROGRAM
node try.mjs
