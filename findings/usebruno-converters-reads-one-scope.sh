#!/usr/bin/env bash
# @usebruno/converters 0.23.0 with @usebruno/js 0.51.0: a translated pm.variables.get() does not see the environment.
#
# Guess: pm.variables looks through all scopes, from the nearest outward (Postman's page "Use variables in Postman"), and its
# translation does, or warns; get("key") and replaceIn("{{key}}") of one script give the same value.
# What happens: get() becomes bru.getVar(), which knows the variables alone that a script set before: undefined, and has() is
# false. replaceIn() becomes bru.interpolate(), which looks through all scopes and gives the key.
# Why it matters: the usual way to read a secret in a Postman script reads nothing after the import, so the request is signed
# with "undefined", while every {{key}} in it is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @usebruno/converters@0.23.0 @usebruno/js@0.51.0 @usebruno/requests@0.20.0 qs@6.17.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const require = createRequire(import.meta.url)
const { postmanTranslation } = require('@usebruno/converters')
const Bru = require('@usebruno/js/src/bru.js')
const versions = ['converters', 'js'].map((name) => JSON.parse(readFileSync(`node_modules/@usebruno/${name}/package.json`, 'utf8')).version)
const bru = new Bru({ envVariables: { key: 'example' }, runtimeVariables: {} })
const calls = ["pm.variables.get('key')", "pm.variables.has('key')", "pm.variables.replaceIn('{{key}}')", "pm.environment.get('key')"]
const seen = calls.map((call) => {
  const translated = postmanTranslation(call)
  return `${translated} = ${new Function('bru', `return ${translated}`)(bru)}`
})
console.log(`@usebruno/converters ${versions[0]} and js ${versions[1]}, key in the environment: ${seen.join('; ')}`)
const expected = ["bru.getVar('key') = undefined", "bru.hasVar('key') = false", "bru.interpolate('{{key}}') = example", "bru.getEnvVar('key') = example"]
process.exit(seen.join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
