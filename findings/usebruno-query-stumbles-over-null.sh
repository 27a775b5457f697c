#!/usr/bin/env bash
# @usebruno/query 0.2.2 (Bruno's res('...')): a null anywhere in the answer breaks "..name", and is left out of a list.
#
# Guess: "..token" looks at every depth and passes by what is no object; "items.price" gives one value for each item, or
# leaves out those without the name.
# What happens: with a null in any place, "..token" throws "Cannot read properties of null", also if the token stands before
# it; "items.price" leaves out the price that is null as if it were absent, and a list in each item is laid out flat.
# Why it matters: a step that takes a token or a cursor from the answer works until some unrelated field is null once; and two
# lists of the same items have different lengths.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @usebruno/query@0.2.2 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { get } = createRequire(import.meta.url)('@usebruno/query')
const { version } = JSON.parse(readFileSync('node_modules/@usebruno/query/package.json', 'utf8'))
const read = (data, path) => {
  try {
    return JSON.stringify(get(data, path))
  } catch ({ message }) {
    return message
  }
}
const session = { session: { token: 'example' }, next: 1 }
const items = [{ id: 1, price: 5, tags: ['a', 'b'] }, { id: 2, price: null, tags: ['c'] }]
const seen = [read(session, '..token'), read({ ...session, next: null }, '..token'), ...['id', 'price', 'tags'].map((name) => read({ items }, `items.${name}`))]
console.log(`@usebruno/query ${version}: ..token ${seen[0]}, beside a null: ${seen[1]}; items.id ${seen[2]}, items.price ${seen[3]}, items.tags ${seen[4]}`)
const expected = ['["example"]', "Cannot read properties of null (reading 'token')", '[1,2]', '[5]', '["a","b","c"]']
process.exit(seen.join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
