// Every error code that a package throws stands in docs/errors.md with its cause and cure, and no other does.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { finish } from './report.mjs'

const thrown = new Map()
for (const name of readdirSync('packages'))
  for (const folder of ['src', 'runtime'])
    for (const file of filesOf(join('packages', name, folder)))
      for (const [code] of readFileSync(file, 'utf8').matchAll(/(?<=['"])EZ_[A-Z0-9_]*[A-Z0-9](?=['"])/g))
        thrown.set(code, file)

const listed = new Set(
  [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(EZ_[A-Z0-9_]+)` \|/gm)].map(([, code]) => code),
)

const problems = [
  ...[...thrown]
    .filter(([code]) => !listed.has(code))
    .map(([code, file]) => `${code} (${file}) is not in docs/errors.md`),
  ...[...listed]
    .filter((code) => !thrown.has(code))
    .map((code) => `${code} is in docs/errors.md, and no package throws it`),
]
finish('errors', problems, `${thrown.size} codes, each with cause and cure`)

/** @param {string} folder @returns {string[]} */
function filesOf(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|js|py)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}
