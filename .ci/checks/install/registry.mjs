import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'

const tools = resolve('.ci/registry')

/** Installs verdaccio and yarn, once. */
export function installTools() {
  if (existsSync(join(tools, 'node_modules/.bin/verdaccio'))) return
  console.log('install: installing the registry (once)')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: tools,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('npm ci failed in .ci/registry')
}

/** The path of a tool. @param {string} name */
export const tool = (name) => join(tools, 'node_modules/.bin', name)

/**
 * Starts a registry on loopback that knows no other registry, and takes what anybody publishes.
 *
 * @param {string} folder
 * @returns {Promise<{ address: string, userConfig: string, stop: () => void }>}
 */
export async function startRegistry(folder) {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}/`
  const open = { access: '$all', publish: '$all', unpublish: '$all' }
  writeFileSync(
    join(folder, 'verdaccio.yaml'),
    JSON.stringify({
      storage: join(folder, 'storage'),
      auth: { htpasswd: { file: join(folder, 'htpasswd') } },
      uplinks: {},
      packages: { '@*/*': open, '**': open },
      max_body_size: '200mb',
      log: { type: 'stdout', format: 'json', level: 'error' },
    }),
  )
  const userConfig = join(folder, 'npmrc')
  // npm wants some token to publish; the registry does not look at it.
  writeFileSync(userConfig, `registry=${address}\n//127.0.0.1:${port}/:_authToken=anybody\n`)
  // By the path of its script: a wrapper in between would be ended in its place, and the registry live on.
  const script = join(tools, 'node_modules/verdaccio/bin/verdaccio')
  const parameters = ['--config', join(folder, 'verdaccio.yaml'), '--listen', `127.0.0.1:${port}`]
  const child = spawn(process.execPath, [script, ...parameters], { stdio: 'ignore' })
  for (let tries = 0; tries < 300; tries += 1) {
    await new Promise((done) => setTimeout(done, 100))
    const answer = await fetch(`${address}-/ping`).catch(() => undefined)
    if (answer?.ok) return { address, userConfig, stop: () => void child.kill() }
  }
  child.kill()
  throw new Error('verdaccio did not start')
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
