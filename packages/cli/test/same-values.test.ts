import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Ended, ez, folder } from './support/ez.ts'
import { listen } from './support/server.ts'

// A provider that writes its options into a header.
const provider = {
  'node_modules/ez-options/package.json': JSON.stringify({
    name: 'ez-options',
    keywords: ['ez-provider'],
    type: 'module',
    exports: './index.js',
  }),
  'node_modules/ez-options/index.js': `export const provider = {
  id: 'options',
  options: { type: 'object' },
  create: (options) => ({
    specVersion: 1,
    id: 'options',
    writes: { headers: ['x-options'], query: [] },
    sign: (request) => ({
      patch: { headers: { 'x-options': JSON.stringify(options) }, query: [] },
      trace: [{ id: 'canonical-request', value: request.method + '\\\\n' + request.url }],
    }),
    diagnose: ({ status }, prepared) => status !== 403 ? undefined : ({ cause: 'signature-mismatch', message: 'Signed: ' + prepared.url, differences: [] }),
  }),
}
`,
}
const tokens = {
  uuid: '{%uuid%}',
  nonce: '{%nonce%}',
  now: '{%now%}',
  day: '{%today%}',
  since: '{%min_time%}',
}
const request = (url: string): string => `method: PUT
url: ${url}
headers: { x-tokens: '${JSON.stringify(tokens)}' }
time: { todayFormat: '%d.%m.%Y', timeZone: Asia/Tokyo, rollingSeconds: 60 }
preRequest:
  - use: ez-options
    with: ${JSON.stringify(tokens)}
expect: { json: ${JSON.stringify(tokens)} }
`
const header = (text: string, name: string): unknown =>
  JSON.parse(new RegExp(`^${name}: (.*)$`, 'm').exec(text.replaceAll('\r', ''))?.[1] ?? 'null')

it('tokens stand for the same values in a request and in the options of its steps', async () => {
  const cwd = folder({ ...provider, 'in.yaml': request('https://api.example.com/') })
  const { stdout, stderr } = await ez(['sign', 'in.yaml', '--allow', 'packages'], { cwd })
  expect(stderr).toBe('')
  const values = header(stdout, 'x-tokens')
  expect(values).toMatchObject({ day: expect.stringMatching(/^\d\d\.\d\d\.\d{4}$/) })
  expect(header(stdout, 'x-options')).toEqual(values)
})

it('tokens in what is expected stand for the values of the attempt that was answered', async () => {
  const server = await listen(({ headers }, response) => {
    response.statusCode = server.received.length === 1 ? 503 : 200
    response.end(headers['x-tokens'])
  })
  const cwd = folder({ ...provider, 'in.yaml': request(server.url) })
  const { stdout, stderr } = await ez(['run', 'in.yaml', '--allow', 'packages', '--retries', '1'], { cwd })
  expect(stderr).toBe('')
  expect(stdout).toContain('✓ 200')
  const [first, second] = server.received.map(({ headers }) => JSON.parse(String(headers['x-tokens'])))
  expect(first.nonce).not.toBe(second.nonce)
  expect(first.uuid).toBe(second.uuid)
  const options = JSON.parse(String(server.received[1]?.headers['x-options']))
  expect([options.uuid, options.day]).toEqual([second.uuid, second.day])
  await server.close()
})

it('with --at and --nonce the output is the same each time, {%uuid%} included', async () => {
  const named = (name: string): string => `  - { name: ${name}, url: 'https://api.example.com/${name}' }\n`
  const cwd = folder({
    ...provider,
    'in.yaml': request('https://api.example.com/'),
    'two.yaml': `defaults: { method: POST, headers: { idempotency-key: '{%uuid%}' } }\nrequests:\n${named('a')}${named('b')}`,
  })
  const pinned = ['--at', '2026-11-21T08:00:00Z', '--nonce', 'abc', '--allow', 'packages']
  const twice = async (...args: string[]): Promise<Ended> => {
    const [first, second] = await Promise.all([1, 2].map(() => ez([...args, ...pinned], { cwd })))
    expect(second).toEqual(first)
    expect(first?.code).toBe(0)
    return first as Ended
  }
  await twice('explain', 'in.yaml')
  const { stdout } = await twice('sign', 'in.yaml')
  const values = header(stdout, 'x-tokens')
  expect(values).toEqual({
    uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    nonce: 'abc',
    now: '2026-11-21T08:00:00.000Z',
    day: '21.11.2026',
    since: '2026-11-21T16:59:00Z',
  })
  expect(header(stdout, 'x-options')).toEqual(values)
  const key = ({ stdout }: Ended): string | undefined => /^idempotency-key: (.*)$/m.exec(stdout)?.[1]
  const keys = [await twice('sign', 'two.yaml#a'), await twice('sign', 'two.yaml#b')].map(key)
  expect(new Set(keys).size).toBe(2)
})

it('with --nonce each row keeps a {%uuid%} of its own', async () => {
  const server = await listen()
  const cwd = folder({
    'in.yaml': `method: POST\nurl: ${server.url}/{{id}}\nheaders: { idempotency-key: '{%uuid%}' }\n`,
    'rows.json': JSON.stringify([{ id: 1 }, { id: 2 }]),
  })
  for (let runs = 0; runs < 2; runs += 1)
    await ez(['run', 'in.yaml', '--allow', 'packages', '--data', 'rows.json', '--nonce', 'abc'], { cwd })
  const keys = server.received.map(({ path, headers }) => `${path} ${headers['idempotency-key']}`)
  expect(keys).toHaveLength(4)
  expect(new Set(keys).size).toBe(2)
  expect(new Set(keys.map((line) => line.split(' ')[1])).size).toBe(2)
  await server.close()
})

it('ez diagnose signs again with the {%uuid%} that ez run --save kept', async () => {
  const server = await listen((_request, response) => void response.writeHead(403).end())
  const cwd = folder({
    ...provider,
    'in.yaml': `method: GET\nurl: ${server.url}/{%uuid%}\npreRequest:\n  - use: ez-options\n`,
  })
  await ez(['run', 'in.yaml', '--allow', 'packages', '--save', 'saved'], { cwd })
  const { uuid } = JSON.parse(readFileSync(join(cwd, 'saved/in.yaml.json'), 'utf8')) as { uuid: string }
  const found = await ez(['diagnose', 'in.yaml', '--allow', 'packages', '--response', 'saved/in.yaml.json'], {
    cwd,
  })
  expect(server.received[0]?.path).toBe(`/${uuid}`)
  expect(found.stdout).toContain(`Signed: ${server.url}/${uuid}`)
  await server.close()
})

it('runtime values are secret by their name, as variables are', async () => {
  const server = await listen((_request, response) => void response.end('hunter-token-abc 271828'))
  const cwd = folder({
    'in.yaml': `method: POST\nurl: ${server.url}/\nsecrets: [cursor, plain.pin]\nheaders: { x-token: '{%access_token%}', x-cursor: '{%cursor%}' }\nbody: { json: { nested: '{%plain%}' } }\nexpect: { text: 'other {%cursor%}' }\n`,
  })
  const flags = [
    'access_token=hunter-token-abc',
    'cursor=cursor-value-1',
    'plain:={"pin":271828,"a":7}',
  ].flatMap((value) => ['--runtime', value])
  const explained = await ez(['explain', 'in.yaml', '--allow', 'packages', ...flags], { cwd })
  expect(explained.stderr).toBe('')
  const signed = await ez(['sign', 'in.yaml', '--allow', 'packages', '--mask', ...flags], { cwd })
  const run = await ez(['run', 'in.yaml', '--allow', 'packages', '--save', 'saved', ...flags], { cwd })
  expect(run.code).toBe(1)
  const saved = readFileSync(join(cwd, 'saved/in.yaml.json'), 'utf8')
  const shown = [explained.stdout, signed.stdout, run.stdout, run.stderr, saved].join('\n')
  expect(shown).not.toMatch(/hunter|cursor-value|271828/)
  expect(server.received[0]?.headers).toMatchObject({
    'x-token': 'hunter-token-abc',
    'x-cursor': 'cursor-value-1',
  })
  expect(JSON.parse(String(server.received[0]?.body))).toEqual({ nested: { pin: 271828, a: 7 } })
  await server.close()
})

it('lint and prepare refuse the same time formats, at their line', async () => {
  const cwd = folder({
    'in.yaml': `method: GET\nurl: https://api.example.com/{%today%}\nvariables: { format: '%Y' }\ntime: { todayFormat: '{{format}}' }\n`,
  })
  const [lint, sign] = await Promise.all([ez(['lint', 'in.yaml'], { cwd }), ez(['sign', 'in.yaml'], { cwd })])
  expect([lint.code, sign.code]).toEqual([2, 2])
  for (const text of [lint.stdout, sign.stderr]) {
    expect(text).toContain('EZ_TIME_INVALID')
    expect(text).toContain('in.yaml:4:')
  }
})
