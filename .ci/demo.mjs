// Builds what the demo uses, silently unless that fails, then runs the demo with the parameters given.
import { readFileSync } from 'node:fs'
import { run, runQuietly } from './run.mjs'

const { dependencies } = JSON.parse(readFileSync('apps/demo/package.json', 'utf8'))
const filters = Object.keys(dependencies)
  .filter((name) => name.startsWith('@ez/'))
  .map((name) => `--filter=${name}...`)

// The first build takes a while; the line goes when it is done.
const { stderr } = process
if (stderr.isTTY) stderr.write('Building what the demo uses …')
const isBuilt = runQuietly('turbo', ['run', 'build', ...filters, '--output-logs=errors-only'])
if (stderr.isTTY) stderr.write('\r\u001b[K')
if (isBuilt) run('node', ['apps/demo/src/main.ts', ...process.argv.slice(2)])
