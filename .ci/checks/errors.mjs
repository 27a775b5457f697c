// Every error code that a package throws stands in docs/errors.md with its cause and cure, and no other does;
// docstrings name no other either.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { finish } from './report.mjs'

const thrown = new Map()
/** @type {Map<string, string>} */
const named = new Map()
for (const name of readdirSync('packages'))
  for (const folder of ['src', 'runtime'])
    for (const file of filesOf(join('packages', name, folder))) {
      const text = readFileSync(file, 'utf8')
      for (const [code] of text.matchAll(/(?<=['"`])EZ_[A-Z0-9_]*[A-Z0-9](?=['"`])/g)) thrown.set(code, file)
      for (const [, codes = ''] of text.matchAll(/@throws ((?:EZ_[A-Z0-9_]+|[\s*,;]|and|or)+)/g))
        for (const [code] of codes.matchAll(/EZ_[A-Z0-9_]+/g)) named.set(code, file)
    }

const listed = new Set()
const bare = []
for (const [, code, cause = '', cure = ''] of readFileSync('docs/errors.md', 'utf8').matchAll(
  /^\| `(EZ_[A-Z0-9_]+)` \|([^|\n]*)\|([^\n]*)\|$/gm,
)) {
  listed.add(code)
  if (!cause.trim() || !cure.trim()) bare.push(code)
}

const problems = [
  ...[...thrown]
    .filter(([code]) => !listed.has(code))
    .map(([code, file]) => `${code} (${file}) is not in docs/errors.md`),
  ...bare.map((code) => `${code}: docs/errors.md lacks its cause or its cure`),
  ...[...named]
    .filter(([code]) => !listed.has(code))
    .map(([code, file]) => `${code} stands in a docstring of ${file}, and not in docs/errors.md`),
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
