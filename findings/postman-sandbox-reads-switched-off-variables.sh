#!/usr/bin/env bash
# postman-sandbox 6.7.4: a variable that an exported environment has as "enabled": false is read as enabled.
#
# Guess: the format in which Postman exports environments ("enabled": false) means the same to its sandbox as the one of
# collections ("disabled": true).
# What happens: "enabled" is dropped without a word, and the value is read by get() and by {{name}}; toObject() gives even the
# one with "disabled": true, which get() does not.
# Why it matters: who feeds an exported environment to the sandbox signs with the key that somebody switched off.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts postman-sandbox@6.7.4 >/dev/null
cat >try.mjs <<'PROGRAM'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const sandbox = createRequire(import.meta.url)('postman-sandbox')
const { version } = JSON.parse(readFileSync('node_modules/postman-sandbox/package.json', 'utf8'))
const values = [{ key: 'exported', value: 'a', enabled: false }, { key: 'collection', value: 'b', disabled: true }]
const code = `pm.globals.set('seen', ['exported', 'collection'].map((name) => pm.environment.get(name) ?? 'absent').join(', ') +
  ' / ' + pm.variables.replaceIn('{{exported}}, {{collection}}') + ' / ' + Object.values(pm.environment.toObject()).join(', '))`
sandbox.createContext({}, (failed, context) => {
  if (failed) throw failed
  context.execute({ listen: 'prerequest', script: { exec: [code] } }, { context: { environment: { values } } }, (error, result) => {
    if (error) throw error
    const seen = result.globals.values.find(({ key }) => key === 'seen').value
    console.log(`postman-sandbox ${version}: "enabled": false and "disabled": true by get / {{name}} / toObject: ${seen}`)
    context.dispose()
    process.exit(seen === 'a, absent / a, {{collection}} / a, b' ? 0 : 1)
  })
})
PROGRAM
node try.mjs
