// Packs every package that is published, as it would be published, into `packed`, with a list of what is there. Where
// changesets wait nothing is to be published yet: the list says so, and so does the output of the job.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const target = resolve('.ci/release/packed')
const repository = process.env.GITHUB_REPOSITORY
const waiting = readdirSync('.changeset').some((file) => file.endsWith('.md') && file !== 'README.md')

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const folders = [
  ...readdirSync('packages').map((folder) => join('packages', folder)),
  join('apps', 'inspector'),
]
const packages = folders.flatMap(pack)
writeFileSync(join(target, 'packages.json'), `${JSON.stringify(packages, null, 2)}\n`)
if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `waiting=${waiting}\n`)
console.log(`${packages.length} packages packed${waiting ? '; changesets wait' : ''}`)

/** @param {string} folder */
function pack(folder) {
  const path = join(folder, 'package.json')
  const text = readFileSync(path, 'utf8')
  const manifest = JSON.parse(text)
  if (manifest.private) return []
  // Provenance wants the repository in each manifest, and only the place that releases knows it.
  const url = `git+https://github.com/${repository}.git`
  const named = { ...manifest, repository: { type: 'git', url, directory: folder.replaceAll('\\', '/') } }
  if (repository) writeFileSync(path, `${JSON.stringify(named, null, 2)}\n`)
  try {
    const { status, stdout, stderr } = spawnSync('pnpm', ['pack', '--pack-destination', target], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (status !== 0) throw new Error(`pnpm pack in ${folder}: ${stdout}${stderr}`)
  } finally {
    writeFileSync(path, text)
  }
  const { name, version } = manifest
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
  const integrity = createHash('sha512')
    .update(readFileSync(join(target, file)))
    .digest('base64')
  return [{ name, version, file, integrity: `sha512-${integrity}` }]
}
