import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const folder = fileURLToPath(new URL('../', import.meta.url))

it('runs from its own build, as the front page starts it, with the packages of that build', () => {
  execFileSync(process.execPath, ['build.mjs'], { cwd: folder })
  const names = ['spapi-post', 'netsuite-javascript', 'netsuite-python', 'netsuite-m2m']
  const parameters = ['dist/main.js', ...names.flatMap((name) => ['--only', name])]
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  expect(stderr).toBe('')
  expect(stdout).toContain('4 of 4 requests accepted, 12 of 12 altered ones refused')
  expect(status).toBe(0)
})
