import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { otherNodes } from '../../../.ci/vitest/nodes.ts'

const program = fileURLToPath(new URL('./support/escape-program.mjs', import.meta.url))

for (const { major, path, isPresent } of otherNodes)
  test.runIf(isPresent)(
    `nothing escapes on Node ${major}`,
    async () => {
      const { stdout } = await promisify(execFile)(path, [program])
      const { count, wrong } = JSON.parse(stdout) as { count: number; wrong: unknown[] }
      expect(wrong).toEqual([])
      expect(count).toBeGreaterThan(0)
    },
    240_000,
  )
