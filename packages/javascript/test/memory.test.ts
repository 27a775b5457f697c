import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('1,000 runs in a row do not grow the process by more than 20 MiB', () => {
  // A process of its own: the test runner's memory is no measure.
  const program = fileURLToPath(new URL('./support/thousand-runs.mjs', import.meta.url))
  // A small young generation: how much garbage V8 lets lie is no measure either.
  const output = execFileSync(process.execPath, ['--max-semi-space-size=4', program], { encoding: 'utf8' })
  const grown = Number(output)
  console.log(`javascript: 1,000 runs grew the process by ${grown.toFixed(1)} MiB`)
  expect(grown).toBeLessThan(20)
})
