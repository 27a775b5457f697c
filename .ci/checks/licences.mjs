// The licences of what users install, and of what builds it. `pnpm licenses` reads the lockfile's packages. What a
// package bundles stands with its licence in `dist/NOTICES.txt`; build first.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
let bundled = 0
for (const name of readdirSync('packages')) {
  const dist = join('packages', name, 'dist')
  if (!existsSync(dist)) continue
  const notices = join(dist, 'NOTICES.txt')
  const told = existsSync(notices) ? readFileSync(notices, 'utf8') : ''
  /** @type {Set<string>} */
  const held = new Set()
  for (const file of readdirSync(dist, { encoding: 'utf8', recursive: true }))
    if (file.endsWith('.js'))
      // The bundler says in a comment where the code that follows comes from.
      for (const [, from] of readFileSync(join(dist, file), 'utf8').matchAll(
        /^\/\/ .*\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm,
      ))
        if (from !== undefined) held.add(from)
  bundled += held.size
  for (const from of held)
    if (!new RegExp(`^${from} `, 'm').test(told))
      problems.push(`${name}: dist holds code of ${from}, and NOTICES.txt no licence of it.`)
}
if (count === 0) problems.push('pnpm licenses listed nothing.')
finish('licences', problems, `${count} packages, ${bundled} bundled`)
