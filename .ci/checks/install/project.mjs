import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { tool } from './registry.mjs'

const run = promisify(execFile)

/** How each package manager installs. */
export const managers = {
  npm: (/** @type {string[]} */ names) => ['npm', ['install', '--no-audit', '--no-fund', ...names]],
  pnpm: (/** @type {string[]} */ names) => ['pnpm', ['add', '--ignore-workspace', ...names]],
  yarn: (/** @type {string[]} */ names) => [tool('yarn'), ['add', '--no-lockfile', '--silent', ...names]],
}

/**
 * Installs packages into an empty folder.
 *
 * @param {string} folder @param {keyof managers} manager @param {string[]} names @param {{ address: string, userConfig: string }} registry
 */
export async function install(folder, manager, names, registry) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "name": "project", "version": "1.0.0", "private": true }\n')
  const [command, parameters] = /** @type {[string, string[]]} */ (managers[manager](names))
  const env = {
    ...process.env,
    npm_config_userconfig: registry.userConfig,
    npm_config_registry: registry.address,
    npm_config_cache: join(folder, '.cache'),
    npm_config_store_dir: join(folder, '.store'),
    npm_config_verify_deps_before_run: 'false',
    YARN_REGISTRY: registry.address,
    YARN_CACHE_FOLDER: join(folder, '.cache'),
  }
  await run(command, parameters, { cwd: folder, env, maxBuffer: 1 << 26 })
}

/** Names and bytes of what was installed. @param {string} folder */
export function installed(folder) {
  /** @type {Map<string, number>} */
  const found = new Map()
  const visit = (/** @type {string} */ modules) => {
    for (const entry of readdirSync(modules)) {
      if (entry.startsWith('.')) continue
      const names = entry.startsWith('@')
        ? readdirSync(join(modules, entry)).map((name) => `${entry}/${name}`)
        : [entry]
      for (const name of names) found.set(name, bytesOf(join(modules, name)))
    }
  }
  visit(join(folder, 'node_modules'))
  // pnpm keeps what was not asked for by name out of the top folder.
  try {
    for (const entry of readdirSync(join(folder, 'node_modules/.pnpm')))
      if (entry.includes('@')) visit(join(folder, 'node_modules/.pnpm', entry, 'node_modules'))
  } catch {}
  return found
}

/** @param {string} folder @returns {number} */
function bytesOf(folder) {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    bytes += entry.isDirectory() ? bytesOf(path) : statSync(path).size
  }
  return bytes
}

/**
 * Signs with an installed provider, once from ESM and once with `require`: the first vector whose options are the
 * provider's own, and not those of another entry of the package.
 *
 * @param {string} folder @param {string} name
 */
export async function signs(folder, name) {
  const body = `
const vectors = ${JSON.stringify(vectorsOf(name))}
const signers = vectors.map(({ file, vector }) => {
  // A provider of several schemes is told which: the vectors of each have a file of its name.
  const choice = provider.options.properties?.sender ? { sender: file } : {}
  try {
    return { vector, signer: provider.create({ ...choice, ...vector.options }) }
  } catch (error) {
    if (error.code !== 'EZ_OPTION_INVALID') throw error
  }
})
const { vector, signer } = signers.find((found) => found) ?? {}
if (!signer) throw new Error('no vector has options of this provider')
const bytes = vector.request.body && Buffer.from(vector.request.body.data, vector.request.body.encoding)
const request = { ...vector.request, body: bytes && new Uint8Array(bytes) }
const context = { now: () => new Date(vector.context.now), nonce: () => vector.context.nonce }
Promise.resolve(signer.sign(request, context)).then(({ trace }) => {
  for (const [id, text] of Object.entries(vector.stages)) {
    if (id === 'signature' && vector.deterministic === false) continue
    if (trace.find((stage) => stage.id === id)?.value !== text) throw new Error(id + ' differs')
  }
})
`
  writeFileSync(join(folder, 'esm.mjs'), `import { provider } from '${name}'\nimport '@ez/core'\n${body}`)
  writeFileSync(
    join(folder, 'cjs.cjs'),
    `const { provider } = require('${name}')\nrequire('@ez/core')\n${body}`,
  )
  for (const file of ['esm.mjs', 'cjs.cjs']) await run(process.execPath, [file], { cwd: folder })
}

/** The first vector of each file. @param {string} name */
function vectorsOf(name) {
  const root = resolve('packages', name.replace('@ez/', ''), 'vectors')
  return readdirSync(root)
    .filter((entry) => entry.endsWith('.json'))
    .sort()
    .map((entry) => ({
      file: entry.replace('.json', ''),
      vector: JSON.parse(readFileSync(join(root, entry), 'utf8'))[0],
    }))
}

/** Compiles an import of every provider with both ways of resolution. @param {string} folder @param {string[]} names */
export async function compiles(folder, names) {
  const lines = names.map((name, index) => `import { provider as p${index} } from '${name}'`)
  const uses = names.map((_, index) => `p${index}.id`).join(', ')
  const code = `import { prepare, type PreparedRequest } from '@ez/core'\n${lines.join('\n')}
export const ids: string[] = [${uses}]
export const prepared: Promise<PreparedRequest> = prepare({ method: 'GET', url: 'https://example.com/' })\n`
  writeFileSync(join(folder, 'main.mts'), code)
  const tsc = resolve('node_modules/typescript/bin/tsc')
  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ]) {
    const compilerOptions = {
      ...{
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
      },
      ...{ strict: true, noEmit: true, types: [] },
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.mts'] }))
    await run(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: folder }).catch((error) => {
      throw new Error(`${moduleResolution}: ${error.stdout}`)
    })
  }
}
