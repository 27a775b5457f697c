#!/usr/bin/env bash
# @usebruno/converters 0.23.0: a Postman script that sends a request from within a function becomes one that does not compile.
#
# Guess: the translation of a script that it understands is a script; pm.sendRequest takes a callback, so it works in any
# function.
# What happens: pm.sendRequest becomes "await bru.sendRequest", also in a function that is not async, which is a syntax error;
# pm.request.method = "PUT" becomes req.getMethod() = "PUT", which fails when it is reached. At the top level both translate.
# Why it matters: nothing of such a script runs, neither the login nor the signature below it, and the import succeeded; a
# login that stands in a function of its own is the usual form.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @usebruno/converters@0.23.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { postmanTranslation } = createRequire(import.meta.url)('@usebruno/converters')
const { version } = JSON.parse(readFileSync('node_modules/@usebruno/converters/package.json', 'utf8'))
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor
const compile = (script) => {
  try {
    return new AsyncFunction(script) && 'compiles'
  } catch ({ name }) {
    return name
  }
}
const send = "pm.sendRequest('https://api.example.com/login', (error, response) => {})"
const scripts = [send, `const login = () => { ${send} }`, `function login() { ${send} }`]
const seen = scripts.map((script) => [compile(script), compile(postmanTranslation(script))].join(' -> '))
const method = postmanTranslation("pm.request.method = 'PUT'")
console.log(`@usebruno/converters ${version}: pm.sendRequest at the top ${seen[0]}, in an arrow function ${seen[1]}, in a function ${seen[2]}; pm.request.method = 'PUT' -> ${method}`)
const expected = ['compiles -> compiles', 'compiles -> SyntaxError', 'compiles -> SyntaxError', "req.getMethod() = 'PUT'"]
process.exit([...seen, method].join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
