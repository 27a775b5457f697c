import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// 20,000 by hand; fewer in every run of the tests.
const runs = Number(process.env.EZ_SOAK_RUNS ?? 1500)

test(`${runs} runs of 200 different scripts, failures and bombs in between, all end as they should`, () => {
  const program = fileURLToPath(new URL('./support/soak-program.mjs', import.meta.url))
  const output = execFileSync(process.execPath, ['--max-semi-space-size=4', program, String(runs)], {
    encoding: 'utf8',
  })
  const { wrong, count, grown } = JSON.parse(output) as { wrong: unknown[]; count: number; grown: number }
  console.log(`javascript: the second half of ${runs} runs grew the process by ${grown.toFixed(1)} MiB`)
  expect({ count, wrong }).toEqual({ count: 0, wrong: [] })
  expect(grown).toBeLessThan(60)
}, 1_800_000)
