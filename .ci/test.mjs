// Runs every package's tests, cached by turbo. Two folders outside the repository hold published test vectors and
// scripts; their state is part of the cache key, so that a result never outlives them.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { run } from './run.mjs'

const folders = {
  EZ_VECTORS: resolve(process.env.EZ_VECTORS ?? '../shared/vectors'),
  EZ_SCRIPTS: resolve(process.env.EZ_SCRIPTS ?? '../shared/product/scripts'),
}

const fingerprint = createHash('sha256')
for (const [name, folder] of Object.entries(folders)) {
  const present = existsSync(folder)
  console.log(`${name}: ${present ? 'present' : 'absent'}`)
  fingerprint.update(name)
  if (!present) continue
  for (const entry of readdirSync(folder, { recursive: true }).sort())
    fingerprint.update(`${entry} ${statSync(join(folder, entry)).size}\n`)
}

run(
  'turbo',
  ['run', 'test', '--continue', '--output-logs=new-only', '--concurrency=2', ...process.argv.slice(2)],
  {
    ...folders,
    EZ_FOLDERS_FINGERPRINT: fingerprint.digest('hex'),
  },
)
