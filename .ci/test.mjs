// Installs everything, then runs every package's tests, cached by turbo. Two folders outside the repository hold
// published test vectors and scripts; their state is part of the cache key, so that a result never outlives them.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { install } from './install.mjs'
import { run } from './run.mjs'

process.stderr.write(
  'Builds every package and runs its tests, against real servers where they are installed. ' +
    'About 17 minutes the first time on two cores; what has not changed is not run again.\n',
)

const folders = {
  EZ_VECTORS: resolve(process.env.EZ_VECTORS ?? '../shared/vectors'),
  EZ_SCRIPTS: resolve(process.env.EZ_SCRIPTS ?? '../shared/product/scripts'),
}

const places = ['/', ...(process.env.PATH ?? '').split(delimiter)]
const fingerprint = createHash('sha256')
for (const [name, folder] of Object.entries(folders)) {
  const present = existsSync(folder)
  console.log(`${name}: ${present ? 'present' : 'absent'}`)
  fingerprint.update(name)
  if (!present) continue
  for (const entry of readdirSync(folder, { recursive: true }).sort())
    fingerprint.update(`${entry} ${statSync(join(folder, entry)).size}\n`)
}

// What is on the machine decides which tests are skipped: another machine, another result.
const programs = ['curl', 'openssl', 'script', 'redis-server', 'postgres', '/usr/lib/postgresql']
for (const program of programs)
  fingerprint.update(`${program} ${places.some((place) => existsSync(join(place, program)))}\n`)
fingerprint.update(String(existsSync('apps/runtimes/engines/node_modules')))

// Continuous integration counts the tests of a log, those that the cache holds too.
const logs = process.env.CI === 'true' ? 'full' : 'new-only'
// Three packages at a time keep two cores at work: some of them mostly wait for servers.
if (install('everything'))
  run(
    'turbo',
    ['run', 'test', '--continue', `--output-logs=${logs}`, '--concurrency=3', ...process.argv.slice(2)],
    {
      ...folders,
      EZ_FOLDERS_FINGERPRINT: fingerprint.digest('hex'),
    },
  )
