#!/usr/bin/env bash
# postman-collection 5.3.1: a variable of the type boolean with the value "false" is true, and an empty number is 0.
#
# Guess: a typed variable whose value is a text, as files that were written by hand or by a tool have it, is read as the text
# says, or is an error; what is empty is absent.
# What happens: the type is applied as JavaScript's Boolean() and Number() do: "false" and "0" are true, "" is 0 and "1,5" is
# NaN, in get(), in {{name}}, and in what toJSON() writes back to the file.
# Why it matters: a switch such as "sandbox" or "sign" in a collection means its opposite, and saving makes it so for good.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts postman-collection@5.3.1 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { VariableScope } = createRequire(import.meta.url)('postman-collection')
const { version } = JSON.parse(readFileSync('node_modules/postman-collection/package.json', 'utf8'))
const values = [
  { key: 'sandbox', type: 'boolean', value: 'false' },
  { key: 'limit', type: 'number', value: '' },
  { key: 'price', type: 'number', value: '1,5' },
]
const scope = new VariableScope({ values })
const seen = values.map(({ key }) => `${scope.get(key)}/${scope.replaceIn(`{{${key}}}`)}`)
const written = scope.toJSON().values.map(({ value }) => JSON.stringify(value))
console.log(`postman-collection ${version}: boolean "false", number "", number "1,5": get()/{{name}} ${seen.join(', ')}; written back ${written.join(', ')}`)
process.exit([...seen, ...written].join() === 'true/true,0/0,NaN/NaN,true,0,null' ? 0 : 1)
PROGRAM
node try.mjs
