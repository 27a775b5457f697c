// Publishes what `pack.mjs` packed and the registry does not have yet, and sets a tag for each. It runs with the right
// to publish: Node's own modules, npm and git are all that it uses, and no script of a package runs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const folder = resolve('.ci/release/packed')
/** @type {{ name: string, version: string, file: string, integrity: string }[]} */
const packages = JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8'))
const registry = (process.env.npm_config_registry ?? 'https://registry.npmjs.org').replace(/\/$/, '')

for (const { name, version, file, integrity } of packages) {
  const bytes = readFileSync(join(folder, file))
  if (`sha512-${createHash('sha512').update(bytes).digest('base64')}` !== integrity)
    throw new Error(`${file} is not what was packed.`)
  if (await isPublished(name, version)) continue
  run('npm', [
    'publish',
    join(folder, file),
    '--access',
    'public',
    '--ignore-scripts',
    ...process.argv.slice(2),
  ])
  run('git', ['tag', '--force', `${name}@${version}`])
  console.log(`published ${name} ${version}`)
}

/** @param {string} name @param {string} version */
async function isPublished(name, version) {
  // A kept connection would be closed by the registry while a publication holds this process.
  const answer = await fetch(`${registry}/${name.replace('/', '%2f')}`, { headers: { connection: 'close' } })
  if (answer.status === 404) return false
  if (!answer.ok) throw new Error(`the registry answers ${answer.status} for ${name}.`)
  return version in (await answer.json()).versions
}

/** @param {string} command @param {string[]} parameters */
function run(command, parameters) {
  const { status, error, stdout, stderr } = spawnSync(command, parameters, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`${command} ${parameters.join(' ')}: ${stdout}${stderr}${error ?? ''}`)
}
