import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('./support/dates-program.mjs', import.meta.url))

test.each(['Asia/Kolkata', 'America/St_Johns', 'UTC'])('dates are UTC where TZ is %s', (zone) => {
  const output = execFileSync(process.execPath, [program], {
    encoding: 'utf8',
    env: { ...process.env, TZ: zone },
  })
  expect(JSON.parse(output)).toEqual([
    'Thu Jul 02 2026 22:30:00 GMT+0000',
    0,
    22,
    '2026-07-02T05:06:00.000Z',
    '2026-07-02T00:00:00.000Z',
    1_783_031_400_000,
  ])
})
