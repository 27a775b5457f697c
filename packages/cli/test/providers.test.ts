import { expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { countedRequest, countingProvider } from './support/provider.ts'
import { listen } from './support/server.ts'

it('finds providers from the folder of the request file first', async () => {
  const cwd = folder({ ...countingProvider, 'requests/in.yaml': countedRequest })
  const { stdout, code } = await ez(
    [
      'sign',
      'requests/in.yaml',
      '--var',
      'base_url=https://api.example.com',
      '--var',
      'id=1',
      '--var',
      'key=abcdefgh',
    ],
    { cwd },
  )
  expect(code).toBe(0)
  expect(stdout).toContain('x-created: 1 ')
  const elsewhere = await ez(
    [
      'sign',
      `${cwd}/requests/in.yaml`,
      '--var',
      'base_url=https://api.example.com',
      '--var',
      'id=1',
      '--var',
      'key=abcdefgh',
    ],
    { cwd: folder({}) },
  )
  expect(elsewhere.stdout).toContain('x-created: 1 ')
})

it('creates a step once for each distinct value of with', async () => {
  const server = await listen()
  const rows = Array.from({ length: 40 }, (_, index) => ({
    id: index,
    key: index % 2 === 0 ? 'even-key' : 'odd-key',
  }))
  const cwd = folder({ ...countingProvider, 'in.yaml': countedRequest, 'rows.json': JSON.stringify(rows) })
  const { code } = await ez(
    ['run', 'in.yaml', '--data', 'rows.json', '--concurrency', '8', '--var', `base_url=${server.url}`],
    { cwd },
  )
  expect(code).toBe(0)
  const numbers = new Set(server.received.map(({ headers }) => String(headers['x-created']).split(' ')[0]))
  expect([...numbers].sort()).toEqual(['1', '2'])
  await server.close()
})

it('lists what is installed, with its options', async () => {
  const cwd = folder(countingProvider)
  const { stdout, code } = await ez(['providers'], { cwd })
  expect(code).toBe(0)
  expect(stdout).toMatch(/ez-counting 1\.2\.3 {2}Counts\n {2}key: string {2}Anything/)
  expect(stdout).toContain('@ez/aws-sigv4')
  const json = JSON.parse((await ez(['providers', '--json'], { cwd })).stdout) as {
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
