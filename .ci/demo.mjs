// Installs and builds what the demo runs, then runs it with the parameters given.
import { install } from './install.mjs'
import { run, runQuietly } from './run.mjs'

process.stderr.write(
  'The demo signs documented requests, sends them to endpoints that verify, and sends each again altered. ' +
    'About 15 seconds the first time, then about 4.\n',
)
if (install('demo') && runQuietly('node', ['apps/demo/build.mjs']))
  run('node', ['apps/demo/dist/main.js', ...process.argv.slice(2)])
