#!/usr/bin/env bash
# postman-sandbox 6.7.4: a script whose asynchronous part fails ends without an error.
#
# Guess: the callback of execute() gets the error of the script, be it thrown at once or by an async function that the script
# started and that the sandbox waited for.
# What happens: the sandbox waits for the timer, tells the failure in an event of its own ("execution.error"), and calls back
# with no error and the variables as they stood before.
# Why it matters: a runner that looks at the callback alone sends the request unsigned, and reports success.
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
const run = (context, code) =>
  new Promise((resolve) => {
    context.execute({ listen: 'prerequest', script: { exec: [code] } }, {}, (error) => resolve(error ? `error "${error.message}"` : 'no error'))
  })
sandbox.createContext({}, async (failed, context) => {
  if (failed) throw failed
  let events = 0
  context.on('execution.error', () => events++)
  context.on('error', () => {})
  const atOnce = await run(context, `throw new Error('no key')`)
  const before = events
  const later = await run(context, `(async () => { await new Promise((done) => setTimeout(done, 20)); throw new Error('no key') })()`)
  console.log(`postman-sandbox ${version}: thrown at once: ${atOnce}; thrown after a wait: ${later}, ${events - before} event`)
  context.dispose()
  process.exit(atOnce === 'error "no key"' && later === 'no error' && events - before === 1 ? 0 : 1)
})
PROGRAM
node try.mjs
