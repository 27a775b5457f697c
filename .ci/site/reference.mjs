import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { literal } from './pages.mjs'

/**
 * Writes the reference of every package from its docstrings.
 * @param {string} site @param {string} content @param {(command: string, parameters: string[]) => void} run
 */
export function writeReference(site, content, run) {
  const tsconfig = join(site, 'tsconfig.json')
  const compilerOptions = { noEmit: true, customConditions: [] }
  const entryPoints = readdirSync('packages').flatMap(entriesOf)
  writeFileSync(
    tsconfig,
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, files: entryPoints }),
  )
  const options = {
    entryPoints,
    tsconfig,
    plugin: ['typedoc-plugin-markdown'],
    out: join(content, 'reference'),
    readme: 'none',
    name: 'Reference',
    disableSources: true,
    excludePrivate: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    entryFileName: 'index',
    skipErrorChecking: true,
    basePath: resolve('packages'),
    displayBasePath: resolve('packages'),
    logLevel: 'Error',
  }
  const file = join(site, 'typedoc.json')
  writeFileSync(file, JSON.stringify(options))
  run(join(site, 'node_modules/.bin/typedoc'), ['--options', file])
  for (const entry of readdirSync(join(content, 'reference'), { recursive: true, withFileTypes: true })) {
    const page = join(entry.parentPath, entry.name)
    if (entry.isFile()) writeFileSync(page, literal(named(readFileSync(page, 'utf8'))))
  }
}

/** The source files behind the exports of a package. @param {string} name its folder */
function entriesOf(name) {
  const manifest = join('packages', name, 'package.json')
  if (!existsSync(manifest)) return []
  const { exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'))
  return Object.values(exports)
    .filter((target) => typeof target === 'object')
    .flatMap(({ types }) => {
      const source = resolve('packages', name, types.replace('./dist/', 'src/').replace(/\.d\.ts$/, ''))
      return [`${source}.ts`, join(source, 'index.ts')].filter((file) => existsSync(file))
    })
}

/** Modules under the names by which they are imported. @param {string} text */
function named(text) {
  return text.replace(/(^# |\[)([a-z0-9-]+)\/src(\/[a-z0-9/-]+?)?(?:\/node)?(?=\]|$)/gm, '$1@ez/$2$3')
}
