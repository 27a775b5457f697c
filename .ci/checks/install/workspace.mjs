import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * Copies the workspace, built, into a folder with a repository of its own, so that versions can be bumped and tags
 * set without a trace here.
 *
 * @param {string} target
 */
export function copyWorkspace(target) {
  const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  for (const file of stdout.split('\n').filter((line) => line && existsSync(line))) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    cpSync(file, join(target, file))
  }
  // The page of the inspector is published too.
  const homes = [...readdirSync('packages').map((name) => join('packages', name)), join('apps', 'inspector')]
  for (const home of homes) {
    if (!existsSync(join(home, 'package.json'))) continue
    cpSync(join(home, 'dist'), join(target, home, 'dist'), { recursive: true })
    // pnpm reads the version of `workspace:` dependencies where they are installed.
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
    const { dependencies, peerDependencies, devDependencies } = manifest
    for (const [other, range] of Object.entries({
      ...dependencies,
      ...peerDependencies,
      ...devDependencies,
    })) {
      if (!String(range).startsWith('workspace:')) continue
      const link = join(target, home, 'node_modules', other)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(target, 'packages', other.replace('@ez/', '')), link)
    }
  }
  symlinkSync(resolve('node_modules'), join(target, 'node_modules'))
  git(target, 'init', '--quiet', '--initial-branch=main')
  commit(target)
}

/** @param {string} folder @param {string} name */
export const manifestOf = (folder, name) =>
  JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8'))

/** The published packages and their versions. @param {string} folder @returns {Record<string, string>} */
export function versionsOf(folder) {
  /** @type {Record<string, string>} */
  const versions = {}
  for (const name of readdirSync(join(folder, 'packages'))) {
    const manifest = manifestOf(folder, name)
    if (!manifest.private) versions[manifest.name] = manifest.version
  }
  return versions
}

/** Runs changesets. @param {string} folder @param {string[]} parameters */
export function changeset(folder, parameters) {
  run(folder, 'changeset', parameters, {})
}

/** Packs and publishes, as the workflow does. @param {string} folder @param {Record<string, string>} environment */
export function release(folder, environment) {
  run(folder, 'node', ['.ci/release/pack.mjs'], environment)
  run(folder, 'node', ['.ci/release/publish.mjs'], environment)
}

/** @param {string} folder @param {string} command @param {string[]} parameters @param {Record<string, string>} environment */
function run(folder, command, parameters, environment) {
  const { status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_config_verify_deps_before_run: 'false', ...environment },
  })
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${stdout}${stderr}`)
}

/** A changeset of one package. @param {string} folder @param {string} name */
export function addChangeset(folder, name) {
  writeFileSync(
    join(folder, '.changeset', 'second-release.md'),
    `---\n'${name}': patch\n---\n\nA second release.\n`,
  )
}

/** @param {string} folder */
export function commit(folder) {
  git(folder, 'add', '--all')
  git(
    folder,
    '-c',
    'user.name=ci',
    '-c',
    'user.email=ci@localhost',
    'commit',
    '--quiet',
    '--message',
    'Release',
  )
}

/** @param {string} folder @param {string[]} parameters */
function git(folder, ...parameters) {
  const { status, stderr } = spawnSync('git', parameters, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${parameters[0]}: ${stderr}`)
}
