// Runs a command of the workspace once everything is installed: `node .ci/with-tools.mjs turbo run build`.
import { install } from './install.mjs'
import { run } from './run.mjs'

const [command = '', ...parameters] = process.argv.slice(2)
if (install('everything')) run(command, parameters)
