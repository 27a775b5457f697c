// Installs what a command needs, and says so in one line; nothing when it is there already.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** What the demo runs, without the tools of the repository. */
const forDemo = ['--prod', '--filter-prod', '@ez/demo...']

/**
 * Installs everything, or what the demo runs. Whoever has everything keeps it.
 *
 * @param {'everything' | 'demo'} scope
 * @returns {boolean} whether it ended well; if not, the exit code is set
 */
export function install(scope) {
  const isSmall = scope === 'demo' && !hasEverything()
  const parameters = ['install', '--frozen-lockfile', ...(isSmall ? [...forDemo, ...nodeForDemo()] : [])]
  const { stderr } = process
  const says = `Installing ${isSmall ? 'what the demo runs' : 'the tools and the packages'} …`
  stderr.write(says)
  const started = performance.now()
  const [command, ...first] = packageManager()
  // `shell`: on Windows npx is a script.
  const options = /** @type {const} */ ({ encoding: 'utf8', maxBuffer: 1 << 28 })
  const result = spawnSync(command, [...first, ...parameters], {
    ...options,
    shell: command === 'npx' && process.platform === 'win32',
    env: { ...process.env, npm_config_reporter: 'append-only' },
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  stderr.write(stderr.isTTY ? '\r\u001b[K' : ` ${seconds} s\n`)
  if (result.status === 0) return true
  stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}\n`)
  process.exitCode = result.status ?? 1
  return false
}

function hasEverything() {
  const state = 'node_modules/.pnpm-workspace-state-v1.json'
  return existsSync(state) && JSON.parse(readFileSync(state, 'utf8')).filteredInstall === false
}

/** The library that answers in the place of the vendors needs Node 22: an older machine gets the repository's own. */
function nodeForDemo() {
  return Number(process.versions.node.split('.')[0]) >= 22 ? [] : ['--filter', 'ez']
}

/** The pnpm that started this, or the one that package.json names. */
function packageManager() {
  const own = process.env.npm_execpath ?? ''
  if (/pnpm\.c?js$/.test(own)) return [process.execPath, own]
  return ['npx', '-y', JSON.parse(readFileSync('package.json', 'utf8')).packageManager]
}
