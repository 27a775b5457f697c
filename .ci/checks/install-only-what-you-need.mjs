// Publishes every package into a registry on loopback, as a release does, and installs each signer into an empty folder
// with npm, and with pnpm or yarn in turn: it brings core and itself, and signs. Then a second release of one provider publishes that
// one alone. Build first.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiles, install, installed, managers, signs } from './install/project.mjs'
import { installTools, startRegistry } from './install/registry.mjs'
import {
  addChangeset,
  changeset,
  commit,
  copyWorkspace,
  manifestOf,
  release,
  versionsOf,
} from './install/workspace.mjs'
import { finish } from './report.mjs'

const problems = []
installTools()
const folder = mkdtempSync(join(tmpdir(), 'ez-install-'))
const registry = await startRegistry(folder)
const publish = {
  npm_config_registry: registry.address,
  npm_config_userconfig: registry.userConfig,
  npm_config_provenance: 'false',
  GITHUB_REPOSITORY: 'example/ez',
}
const workspace = join(folder, 'workspace')
let installs = 0
try {
  copyWorkspace(workspace)
  const before = versionsOf(workspace)
  changeset(workspace, ['version'])
  commit(workspace)
  release(workspace, publish)
  const first = versionsOf(workspace)
  console.log(`install: published ${Object.keys(first).length} packages`)
  if (!Object.keys(before).some((name) => before[name] !== first[name]))
    console.log('install: no changeset waits')

  const signers = Object.keys(first).filter((name) => isSigner(name.replace('@ez/', '')))
  await inTurn(
    signers.flatMap((name, index) =>
      Object.keys(managers)
        .filter((_, place) => place === 0 || place === 1 + (index % 2))
        .map((manager) => [name, manager]),
    ),
    2,
    checkInstall,
  )
  const all = join(folder, 'typescript')
  await install(all, 'npm', ['@ez/core', ...signers], registry)
  await compiles(all, signers).catch((error) => problems.push(`TypeScript: ${error.message}`))

  const one = signers[0] ?? ''
  addChangeset(workspace, one)
  changeset(workspace, ['version'])
  commit(workspace)
  release(workspace, publish)
  const second = versionsOf(workspace)
  const bumped = Object.keys(second).filter((name) => second[name] !== first[name])
  if (bumped.join() !== one) problems.push(`a release of ${one} bumped ${bumped.join(', ') || 'nothing'}.`)
  for (const name of Object.keys(second)) {
    const answer = await fetch(`${registry.address}${name.replace('/', '%2f')}`)
    const { versions } = await answer.json()
    const urls = Object.values(versions ?? {}).map(({ repository }) => repository?.url)
    if (!urls.every((url) => url === 'git+https://github.com/example/ez.git'))
      problems.push(`${name}: it was published without its repository, as provenance wants it.`)
    const expected = name === one ? 2 : 1
    if (Object.keys(versions ?? {}).length !== expected)
      problems.push(
        `${name}: ${Object.keys(versions ?? {}).length} versions in the registry, not ${expected}.`,
      )
  }
  console.log(`install: a second release published ${one} ${second[one]} alone`)
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error))
} finally {
  registry.stop()
  rmSync(folder, { recursive: true, force: true })
}
finish('install', problems, `${installs} installs`)

/** @param {[string, string]} pair */
async function checkInstall([name, manager]) {
  const project = join(folder, `${manager}-${name.replace('@ez/', '')}`)
  try {
    const needed = ['@ez/core', ...peersOf(name), name]
    // Yarn 1 leaves peers to its user; the others bring them.
    const named = manager === 'yarn' ? needed : ['@ez/core', name]
    await install(project, /** @type {keyof managers} */ (manager), [...new Set(named)], registry)
    await signs(project, name)
    const found = installed(project)
    const names = [...found.keys()].sort()
    const bytes = [...found.values()].reduce((sum, value) => sum + value, 0)
    if (names.join() !== [...new Set(needed)].sort().join())
      problems.push(`${name} with ${manager}: it installed ${names.join(', ')}.`)
    installs += 1
    console.log(
      `install: ${name} with ${manager}: ${names.length} packages, ${bytes} bytes, signs from ESM and CommonJS`,
    )
  } catch (error) {
    const text =
      error instanceof Error ? `${error.message} ${/** @type {any} */ (error).stderr ?? ''}` : String(error)
    problems.push(`${name} with ${manager}: ${text}`)
  }
}

/** The packages that a provider asks its user for. @param {string} name @returns {string[]} */
function peersOf(name) {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifestOf(workspace, name.replace('@ez/', ''))
  return Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional)
}

/** @param {string} name */
function isSigner(name) {
  const { keywords = [], exports = {} } = manifestOf(workspace, name)
  // What signs by descriptions of its user's has no vectors of its own.
  const hasVectors = existsSync(join(workspace, 'packages', name, 'vectors'))
  return keywords.includes('ez-provider') && './verify' in exports && hasVectors
}

/** @template T @param {T[]} items @param {number} width @param {(item: T) => Promise<void>} work */
async function inTurn(items, width, work) {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
