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
