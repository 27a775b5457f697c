#!/usr/bin/env bash
# fontoxpath 3.34.0: the named imports that its page shows compile under TypeScript and fail in Node.
#
# Guess: "import { evaluateXPathToString } from 'fontoxpath'" works in Node as in a bundle; the types declare the names, and
# Node gives the names of a CommonJS package to ES modules.
# What happens: "module" serves bundlers only, there is no "exports"; in the minified CommonJS file Node finds no name, so the
# module has "default" and nothing else, and the import is a SyntaxError. require() gives all names.
# Why it matters: code that reads XML answers passes its type check, its bundle and its bundled tests, and does not start in
# Node.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts fontoxpath@3.34.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { version } = JSON.parse(readFileSync('node_modules/fontoxpath/package.json', 'utf8'))
writeFileSync('named.mjs', "import { evaluateXPathToString } from 'fontoxpath'\nexport { evaluateXPathToString }\n")
const names = Object.keys(await import('fontoxpath'))
const failure = await import('./named.mjs').then(() => 'none', ({ name }) => name)
const required = typeof createRequire(import.meta.url)('fontoxpath').evaluateXPathToString
console.log(`fontoxpath ${version}: names for Node's import: ${names}; import { evaluateXPathToString }: ${failure}; with require: ${required}`)
process.exit(names.join() === 'default' && failure === 'SyntaxError' && required === 'function' ? 0 : 1)
PROGRAM
node try.mjs
