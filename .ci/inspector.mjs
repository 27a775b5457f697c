// Installs and builds what the inspector needs, and prints where its page lies.
import { resolve } from 'node:path'
import { install } from './install.mjs'
import { runQuietly } from './run.mjs'

process.stderr.write(
  'Builds the inspector, one page that works without a network. About a minute the first time, then a second.\n',
)
if (install('everything') && runQuietly('turbo', ['run', 'build', '--filter=@ez/inspector']))
  console.log(resolve('apps/inspector/dist/index.html'))
