// Runs a collection by newman, which is installed apart: it is the reference, and no dependency.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const version = '6.2.2'

/** The folder in which newman is installed; `EZ_NEWMAN` names one that is there already. */
export function newmanFolder() {
  const folder = process.env.EZ_NEWMAN ?? join(tmpdir(), `ez-newman-${version}`)
  if (existsSync(join(folder, 'node_modules', 'newman', 'package.json'))) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const parameters = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `newman@${version}`]
  const { status, stderr } = spawnSync('npm', parameters, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`newman ${version} could not be installed in ${folder}: ${stderr}`)
  return folder
}

/**
 * Runs a collection; the names of its requests, in the order in which they were sent.
 *
 * @param {object} collection
 * @param {object | undefined} environment
 * @returns {Promise<string[]>}
 */
export function runNewman(collection, environment) {
  const newman = createRequire(join(newmanFolder(), 'package.json'))('newman')
  /** @type {string[]} */
  const names = []
  return new Promise((resolve, reject) => {
    newman
      .run(
        { collection, environment, reporters: [], timeoutRequest: 10_000 },
        (/** @type {unknown} */ error) => (error ? reject(error) : resolve(names)),
      )
      .on(
        'beforeRequest',
        (/** @type {unknown} */ error, /** @type {{ item: { name: string } }} */ { item }) => {
          // A request of a script has no name.
          if (!error && item.name !== undefined) names.push(item.name)
        },
      )
  })
}
