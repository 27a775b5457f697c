import { afterAll, beforeAll, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { type LoopbackServer, listen } from './support/server.ts'

let server: LoopbackServer
beforeAll(async () => {
  server = await listen(({ path }, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(path === '/token' ? '{"access":"t0ken"}' : '{"orders":[1]}')
  })
})
afterAll(() => server.close())

const event = (listen: string, ...exec: string[]) => ({ listen, script: { exec } })
const collection = (base: string) => ({
  info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  variable: [{ key: 'base url', value: base }],
  event: [event('prerequest', "pm.variables.set('stamp', String(Date.now()))")],
  item: [
    {
      name: 'Log in',
      request: { method: 'POST', url: '{{base url}}/token' },
      event: [
        event(
          'test',
          "pm.test('has a token', () => pm.expect(pm.response.json()).to.have.property('access'))",
          "pm.environment.set('token', pm.response.json().access)",
        ),
      ],
    },
    {
      name: 'List',
      request: {
        method: 'GET',
        url: '{{base url}}/orders?at={{stamp}}',
        header: [
          { key: 'X-Token', value: '{{token}}' },
          { key: 'X-Signature', value: '{{signature}}' },
        ],
      },
      event: [
        event(
          'prerequest',
          "pm.environment.set('signature', CryptoJS.HmacSHA256(pm.variables.get('stamp'), pm.environment.get('key')).toString())",
        ),
        event('test', "pm.test('is one', () => pm.expect(pm.response.json().orders).to.have.lengthOf(1))"),
      ],
    },
  ],
})
const at = ['--at', '2026-01-02T03:04:05Z', '--var', 'key=k']
// echo -n 1767323045000 | openssl dgst -sha256 -hmac k
const signature = 'a7cdc4976223e2bbbed0f96ed538278401cb44ca7b8c78b512f8c7477ef09905'

it('runs an imported collection as it is: scripts before and after, in order, with what they hand on', async () => {
  const cwd = folder({ 'shop.json': JSON.stringify(collection(server.url)) })
  expect((await ez(['import', 'postman', 'shop.json', '--out', 'shop.yaml'], { cwd })).code).toBe(0)
  expect(await ez(['lint', 'shop.yaml', ...at], { cwd })).toMatchObject({ code: 0 })
  const { code, stdout, stderr } = await ez(['run', 'shop.yaml', ...at], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/✓ has a token[\s\S]*✓ log-in 200[\s\S]*✓ is one[\s\S]*✓ list 200/)
  expect(server.received.at(-1)).toMatchObject({
    path: '/orders?at=1767323045000',
    headers: { 'x-token': 't0ken', 'x-signature': signature },
  })
})

it('signs one request with its scripts, and refuses a test that fails', async () => {
  const cwd = folder({
    'one.yaml': `method: GET
url: ${server.url}/{{path}}
preRequest:
  - { script: ./set.js, dialect: postman }
tests:
  - { script: ./look.js, dialect: postman }
`,
    'set.js': "pm.environment.set('path', 'a/' + pm.variables.get('key'))",
    'look.js': "pm.test('good', () => {}); pm.test('bad', () => pm.response.to.have.status(404))",
  })
  const { stdout } = await ez(['sign', 'one.yaml', ...at], { cwd })
  expect(stdout).toContain('GET /a/k HTTP/1.1')
  const ran = await ez(['run', 'one.yaml', '--json', ...at], { cwd })
  expect(ran.code).toBe(1)
  expect(JSON.parse(ran.stdout).requests[0]).toMatchObject({
    verdict: 'refused',
    tests: [
      { name: 'good', passed: true },
      { name: 'bad', passed: false },
    ],
    problems: expect.arrayContaining([
      'test "bad": AssertionError: expected response to have status 404 but got 200',
    ]),
  })
})

it('sends nothing when a script fails, and says where', async () => {
  const cwd = folder({
    'one.yaml': `method: GET\nurl: ${server.url}/\npreRequest:\n  - { script: ./set.js, dialect: postman }\n`,
    'set.js': "\n(async () => { throw new Error('no key') })()",
  })
  const before = server.received.length
  const { code, stderr, stdout } = await ez(['run', 'one.yaml'], { cwd })
  expect([code, server.received.length]).toEqual([1, before])
  expect(stdout + stderr).toMatch(/set\.js: line 2: Error: no key[\s\S]*EZ_SCRIPT_FAILED/)
})

it.each([
  ['- { use: "@ez/aws-sigv4", dialect: postman }', 'either|"dialect" is for JavaScript'],
  ['- { script: ./a.py, dialect: postman }', '"dialect" is for JavaScript files'],
  ['- { script: ./a.js, dialect: bruno }', 'must be one of "postman"'],
  ['- { script: ./a.js }\n  - { script: ./b.js, dialect: postman }', 'before all other'],
])('refuses %s', async (steps, said) => {
  const cwd = folder({ 'one.yaml': `method: GET\nurl: https://a.example/\npreRequest:\n  ${steps}\n` })
  const { code, stderr } = await ez(['sign', 'one.yaml'], { cwd })
  expect(code).toBe(2)
  expect(stderr).toMatch(new RegExp(said))
})
