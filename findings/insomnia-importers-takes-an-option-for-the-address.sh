#!/usr/bin/env bash
# insomnia-importers 3.6.0: of a curl command, the value of an option that it does not know becomes the address.
#
# Guess: an option that the importer does not know is passed by with its value, or the import says so; the address is what
# curl takes for it; and --data-urlencode "q=a&b" is q=a%26b, as curl sends it.
# What happens: of "--aws-sigv4 aws:amz:eu-west-1:s3 https://…" the address is aws:amz:eu-west-1:s3, and -u is Basic; with
# --json the address is empty, the text is gone and the method GET; the equals sign is escaped too: q%3Da%26b, one name
# without a value, and the form has no Content-Type.
# Why it matters: commands that sign are just those that cannot be imported, and nothing tells which part was not understood.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts insomnia-importers@3.6.0 >/dev/null
cat >try.mjs <<'PROGRAM'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { convert } = createRequire(import.meta.url)('insomnia-importers')
const { version } = JSON.parse(readFileSync('node_modules/insomnia-importers/package.json', 'utf8'))
const options = ['-u key:one', '--aws-sigv4 aws:amz:eu-west-1:s3 -u AKIDEXAMPLE:example', `--json '{"id":1}'`, `--data-urlencode 'q=a&b'`]
const requestOf = async (option) => {
  const { data } = await convert(`curl ${option} https://api.example.com/orders`)
  const [{ method, url, body }] = data.resources
  return [method, url || '(no address)', body.text].filter(Boolean).join(' ')
}
const seen = await Promise.all(options.map(requestOf))
console.log(`insomnia-importers ${version}: ${options.map((option, index) => `${option} -> ${seen[index]}`).join('; ')}`)
const expected = ['GET https://api.example.com/orders', 'GET aws:amz:eu-west-1:s3', 'GET (no address)', 'POST https://api.example.com/orders q%3Da%26b']
process.exit(seen.join() === expected.join() ? 0 : 1)
PROGRAM
node try.mjs
