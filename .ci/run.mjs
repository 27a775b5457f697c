// Starts a command of the workspace and ends with its exit code.
import { spawnSync } from 'node:child_process'

/**
 * @param {string} command
 * @param {string[]} parameters
 * @param {Record<string, string>} [environment]
 */
export function run(command, parameters, environment = {}) {
  const result = spawnSync(command, parameters, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...environment },
  })
  if (result.error) throw result.error
  process.exitCode = result.status ?? 1
}

/**
 * Runs a command without a word; what it printed is shown when it fails.
 *
 * @param {string} command
 * @param {string[]} parameters
 * @returns {boolean} whether it ended well; if not, its exit code is set
 */
export function runQuietly(command, parameters) {
  const result = spawnSync(command, parameters, { shell: process.platform === 'win32', encoding: 'utf8' })
  if (result.error) throw result.error
  if (result.status === 0) return true
  process.stderr.write(result.stdout + result.stderr)
  process.exitCode = result.status ?? 1
  return false
}
