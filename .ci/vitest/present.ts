import { spawnSync } from 'node:child_process'

/** Whether a program is on this machine; `describe.runIf(isPresent('curl'))` skips the tests that need it, and says so. */
export function isPresent(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}
