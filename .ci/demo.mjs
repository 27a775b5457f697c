// Builds what the demo uses, silently unless that fails, then runs the demo with the parameters given.
import { run, runQuietly } from './run.mjs'

if (runQuietly('turbo', ['run', 'build', '--filter=@ez/demo^...', '--output-logs=errors-only']))
  run('node', ['apps/demo/src/main.ts', ...process.argv.slice(2)])
