import { spawn } from 'node:child_process'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schemes, writePackage } from '../../../turbo/generators/provider-package.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const templates = join(root, 'turbo/generators/templates')
// Below this package, so that what it depends on is found.
const folder = fileURLToPath(new URL('../dist/generated/', import.meta.url))

function run(command: string, parameters: string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env
    const path = `${join(root, 'node_modules/.bin')}:${env.PATH}`
    const child = spawn(command, parameters, { cwd, env: { ...env, PATH: path, NO_COLOR: '1' } })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.stderr.on('data', (data) => {
      output += data
    })
    child.on('close', (code) => resolve(code === 0 ? 'ok' : `${command}: exit code ${code}\n${output}`))
  })
}

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await cp(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.concurrent('a generated package', () => {
  it.each(schemes)('%s builds, and passes type check, tests and structure check', async (scheme) => {
    const target = join(folder, 'packages', `acme-${scheme}`)
    await writePackage(templates, target, `acme-${scheme}`, scheme)
    for (const [command, parameters] of [
      ['tsup', []],
      ['tsc', ['-p', 'tsconfig.json']],
      ['vitest', ['run']],
      ['node', [join(root, '.ci/checks/structure.mjs'), target]],
    ] as const)
      expect(await run(command, [...parameters], target)).toBe('ok')
  })
})

describe('an id', () => {
  it.each(['', 'Acme', 'acme_hmac', '../acme', 'acme-', '9acme'])('"%s" is refused', async (id) => {
    await expect(writePackage(templates, join(folder, 'x'), id, 'token')).rejects.toThrow(/is no id/)
  })

  it('must be new, and the scheme known', async () => {
    await expect(writePackage(templates, folder, 'acme', 'token')).rejects.toThrow(/exists/)
    await expect(writePackage(templates, join(folder, 'x'), 'acme', 'saml')).rejects.toThrow(
      /no scheme "saml"/,
    )
  })
})
