// For the builds of packages whose `dist` holds code of others.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * Writes the licences of everything that was bundled, as they ask, beside the bundle; esbuild's metafile says what was.
 *
 * @param {string} folder
 */
export function writeNotices(folder) {
  const metafile = join(folder, 'metafile-esm.json')
  /** @type {{ outputs: Record<string, { inputs: Record<string, unknown> }> }} */
  const { outputs } = JSON.parse(readFileSync(metafile, 'utf8'))
  /** @type {Map<string, string>} */
  const packages = new Map()
  for (const { inputs } of Object.values(outputs))
    for (const input of Object.keys(inputs)) {
      const [, path, name] = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input) ?? []
      if (path !== undefined && name !== undefined) packages.set(name, resolve(path))
    }
  const notices = [...packages].sort().map(([name, path]) => {
    const { version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry))
    if (file === undefined) throw new Error(`${name} has no licence file.`)
    return `${name} ${version} (${license})\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`
  })
  writeFileSync(join(folder, 'NOTICES.txt'), notices.join(`\n${'-'.repeat(72)}\n\n`))
  rmSync(metafile)
}
