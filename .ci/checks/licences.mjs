// The licences of what users install, and of what builds it. `pnpm licenses` reads the lockfile's packages.
import { spawnSync } from 'node:child_process'
import { finish } from './report.mjs'

// Everything that is installed beside our code must allow any use.
const forUsers =
  /^(?:MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|BlueOak-1\.0\.0|Unlicense|CC0-1\.0)$/
// Tools may also be under file-level copyleft, and carry data under attribution licences.
const forTools = /^(?:MPL-2\.0|Python-2\.0|PSF-2\.0|CC-BY-[34]\.0|WTFPL|Zlib|Artistic-2\.0)$/
// Packages whose licence field says less than their licence file; each looked up by hand.
const known = new Map([
  ['pyodide', 'MPL-2.0: the interpreter is used as it is, unchanged'],
  ['semaphore', 'MIT by its README; only Azurite uses it, in tests'],
  ['uri-templates', 'public domain or MIT by its README; only Azurite uses it, in tests'],
])

const problems = []
let count = 0
for (const isTool of [false, true]) {
  const scope = isTool ? ['--recursive'] : ['--prod', '--filter', './packages/*']
  const { stdout } = spawnSync('pnpm', ['licenses', 'list', '--json', ...scope], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  for (const [licence, packages] of Object.entries(JSON.parse(stdout || '{}')))
    for (const { name } of packages) {
      count += 1
      const parts = licence.replace(/[()]/g, '').split(/ OR /)
      const fits = (/** @type {string} */ text) =>
        text.split(' AND ').every((one) => forUsers.test(one) || (isTool && forTools.test(one)))
      if (!parts.some(fits) && !known.has(name))
        problems.push(`${name}: ${licence}${isTool ? ' (a tool)' : ''}`)
    }
}
if (count === 0) problems.push('pnpm licenses listed nothing.')
finish('licences', problems, `${count} packages`)
