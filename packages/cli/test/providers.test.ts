import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { countedRequest, countingProvider } from './support/provider.ts'
import { listen } from './support/server.ts'

const given = ['--var', 'base_url=https://api.example.com', '--var', 'id=1', '--var', 'key=abcdefgh']

/** A package that writes a file when it is loaded. */
const trap = (name: string, keywords: readonly string[]): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({
    name,
    keywords,
    type: 'module',
    exports: './index.js',
  }),
  [`node_modules/${name}/index.js`]: `import { writeFileSync } from 'node:fs'
writeFileSync(new URL('./ran', import.meta.url), '')
export const provider = { id: 'trap', options: {}, create: () => ({ specVersion: 1, id: 'trap', run() {} }) }
export const javascriptScript = provider.create
export class Entry { getPassword() { return 'a' } }
`,
})

describe('packages beside a request file', () => {
  const head = 'method: GET\nurl: https://api.example.com/\n'
  it.each([
    ['ez-trap', `${head}preRequest: [{ use: ez-trap }]\n`, []],
    ['@ez/trap', `${head}preRequest: [{ use: '@ez/trap' }]\n`, []],
    [
      '@napi-rs/keyring',
      `${head}headers: { a: '{{k}}' }\nvariables: { k: { keychain: { service: s, account: a } } }\n`,
      ['--allow', 'keychain'],
    ],
  ])('do not run by themselves, whatever the command: %s', async (name, text, flags) => {
    const cwd = folder({ ...trap(name, ['ez-provider']), 'in.yaml': text, 'sub/in.yaml': text })
    for (const file of ['in.yaml', 'sub/in.yaml'])
      for (const command of ['lint', 'explain', 'sign', 'run']) {
        const { code, stdout, stderr } = await ez([command, file, ...flags], { cwd })
        expect([code, stdout + stderr]).not.toEqual([0, expect.anything()])
        expect(stdout + stderr).toContain('--allow packages')
        expect(stdout + stderr).toContain(`folders: { ${JSON.stringify(cwd)}: [packages] }`)
      }
    expect(existsSync(join(cwd, 'node_modules', name, 'ran'))).toBe(false)
  })

  it('do not run for ez providers and ez init either, which say so', async () => {
    const cwd = folder(trap('ez-trap', ['ez-provider']))
    expect((await ez(['providers'], { cwd })).stdout).toMatch(/ez-trap.*\n.*--allow packages/)
    expect((await ez(['providers', 'ez-trap'], { cwd })).stderr).toContain('--allow packages')
    expect((await ez(['init', '--provider', 'ez-trap'], { cwd })).stdout).toContain('--allow packages')
    expect(existsSync(join(cwd, 'node_modules/ez-trap/ran'))).toBe(false)
  })

  it('do not stand in for those of ez, grant or not', async () => {
    const cwd = folder({
      ...trap('@ez/javascript', []),
      'in.yaml': `${head}preRequest: [{ script: ./a.js }]\n`,
      'a.js': "request.headers.set('x-a', 'b')\n",
    })
    for (const flags of [[], ['--allow', 'packages']])
      expect((await ez(['sign', 'in.yaml', ...flags], { cwd })).stdout).toContain('x-a: b')
    expect(existsSync(join(cwd, 'node_modules/@ez/javascript/ran'))).toBe(false)
  })

  it('run with --allow packages, or in folders that the user granted it for', async () => {
    const cwd = folder({ ...countingProvider, 'requests/in.yaml': countedRequest })
    const args = ['sign', join(cwd, 'requests/in.yaml'), ...given]
    expect((await ez(args, { cwd })).code).toBe(2)
    for (const place of [cwd, folder({})])
      expect((await ez([...args, '--allow', 'packages'], { cwd: place })).stdout).toContain('x-created: 1 ')
    const config = folder({
      'own.yaml': `folders: { ${JSON.stringify(cwd)}: [packages] }\n`,
      'other.yaml': `folders: { ${JSON.stringify(join(cwd, 'other'))}: [packages] }\n`,
    })
    const withConfig = (name: string) => ez(args, { cwd, env: { EZ_CONFIG: join(config, name) } })
    expect((await withConfig('own.yaml')).stdout).toContain('x-created: 1 ')
    expect((await withConfig('other.yaml')).code).toBe(2)
  })
})

it('creates a step once for each distinct value of with', async () => {
  const server = await listen()
  const rows = Array.from({ length: 40 }, (_, index) => ({
    id: index,
    key: index % 2 === 0 ? 'even-key' : 'odd-key',
  }))
  const cwd = folder({ ...countingProvider, 'in.yaml': countedRequest, 'rows.json': JSON.stringify(rows) })
  const { code } = await ez(
    [
      'run',
      'in.yaml',
      '--data',
      'rows.json',
      '--concurrency',
      '8',
      '--var',
      `base_url=${server.url}`,
      '--allow',
      'packages',
    ],
    { cwd },
  )
  expect(code).toBe(0)
  const numbers = new Set(server.received.map(({ headers }) => String(headers['x-created']).split(' ')[0]))
  expect([...numbers].sort()).toEqual(['1', '2'])
  await server.close()
})

it('lists what is installed, with its options', async () => {
  const cwd = folder(countingProvider)
  const { stdout, code } = await ez(['providers', '--allow', 'packages'], { cwd })
  expect(code).toBe(0)
  expect(stdout).toMatch(/ez-counting 1\.2\.3 {2}Counts\n {2}key: string {2}Anything/)
  expect(stdout).toContain('@ez/aws-sigv4')
  const json = JSON.parse((await ez(['providers', '--json', '--allow', 'packages'], { cwd })).stdout) as {
    use: string
    options: unknown
  }[]
  expect(json.find(({ use }) => use === 'ez-counting')).toMatchObject({
    id: 'counting',
    options: { required: ['key'] },
  })
  expect((await ez(['providers', '@ez/nobody'], { cwd })).code).toBe(2)
  const one = await ez(['providers', '@ez/aws-sigv4'], { cwd })
  expect(one.stdout).toMatch(/^@ez\/aws-sigv4 \d+\.\d+\.\d+ {2}AWS Signature/)
  expect(one.stdout).toContain('signedHeaders?: all | string[]')
  const oauth1 = await ez(['providers', '@ez/netsuite-oauth1/oauth1'], { cwd })
  expect(oauth1.stdout).toContain('version?: 1.0 | null (default "1.0")')
})

it('names the install command by the lockfile', async () => {
  for (const [lockfile, command] of [
    ['pnpm-lock.yaml', 'pnpm add'],
    ['yarn.lock', 'yarn add'],
    ['package-lock.json', 'npm install'],
  ] as const) {
    const cwd = folder({
      [lockfile]: '',
      'requests/in.yaml': "method: GET\nurl: https://api.example.com/\npreRequest: [{ use: '@ez/nobody' }]\n",
    })
    expect((await ez(['sign', 'requests/in.yaml'], { cwd })).stderr).toContain(`Run: ${command} @ez/nobody`)
  }
})
