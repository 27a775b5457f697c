// Publishes the versions that the registry does not have yet. Provenance wants the repository in each manifest, and only
// the place that releases knows it (GITHUB_REPOSITORY): it stands in the manifests while they are published.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.mjs'

const repository = process.env.GITHUB_REPOSITORY
/** @type {Map<string, string>} */
const before = new Map()
if (repository)
  for (const name of readdirSync('packages')) {
    const file = join('packages', name, 'package.json')
    const text = readFileSync(file, 'utf8')
    const url = `git+https://github.com/${repository}.git`
    const manifest = { ...JSON.parse(text), repository: { type: 'git', url, directory: `packages/${name}` } }
    before.set(file, text)
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
  }
try {
  run('changeset', ['publish', ...process.argv.slice(2)])
} finally {
  for (const [file, text] of before) writeFileSync(file, text)
}
