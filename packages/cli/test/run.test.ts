import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ez, folder } from './support/ez.ts'
import { accessKey, keys, orders, secretKey } from './support/files.ts'
import { closedUrl, type LoopbackServer, listen } from './support/server.ts'

let server: LoopbackServer
const cwd = folder({ 'orders.yaml': orders })

beforeAll(async () => {
  // Refuses whatever does not verify, with code that shares nothing with the signer.
  server = await listen(async (received, response) => {
    const request = new Request(`${server.url}${received.path}`, {
      method: received.method,
      headers: Object.entries(received.headers).map(([name, value]) => [name, String(value)]),
      ...(received.body.length > 0 && { body: new Uint8Array(received.body) }),
    })
    try {
      await verifyAwsSigV4(request, {
        secretFor: (id) => (id === accessKey ? secretKey : undefined),
        service: 'execute-api',
        region: 'us-east-1',
      })
      response.end('{"ok":true,"items":[1,2]}')
    } catch (error) {
      response.writeHead(403).end(String(error))
    }
  })
})
afterAll(() => server.close())

describe('ez run', () => {
  const args = (...own: string[]): string[] => [
    'run',
    'orders.yaml',
    '--var',
    `base_url=${server.url}`,
    '--var',
    'marketplace_ids:=["A1"]',
    ...own,
  ]

  it('sends what verifies, and says status and time', async () => {
    const { code, stdout, stderr } = await ez(args(), { cwd, env: keys })
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^✓ 200 POST http:\/\/127\.0\.0\.1:\d+\/reports\?b=2&a=1 \d+ ms orders\n/)
    expect(code).toBe(0)
  })

  it('ends with 1 when the request is refused, or not answered', async () => {
    const refused = await ez(args('--var', 'secret_key=not-the-right-key'), { cwd, env: keys })
    expect(refused.stdout).toContain('✗ 403')
    expect(refused.code).toBe(1)
    const unanswered = await ez(args('--var', `base_url=${await closedUrl()}`), { cwd, env: keys })
    expect(unanswered.stdout).toContain('the connection failed (ECONNREFUSED)')
    expect(unanswered.code).toBe(1)
  })

  it('sends nothing when a file is wrong', async () => {
    const before = server.received.length
    const there = folder({ 'orders.yaml': orders, 'bad.yaml': 'method: GET\n' })
    const { code } = await ez([...args(), 'bad.yaml'], { cwd: there, env: keys })
    expect(code).toBe(2)
    expect(server.received.length).toBe(before)
  })

  it('prints JSON', async () => {
    const { stdout } = await ez(args('--json'), { cwd, env: keys })
    expect(JSON.parse(stdout)).toMatchObject({
      requests: [{ label: 'orders.yaml', verdict: 'ok', status: 200, problems: [] }],
    })
  })

  it('checks what the file expects', async () => {
    const there = folder({
      'good.yaml': `${orders}expect: { status: 200, json: { ok: true, items: [1, 2] }, text: items }\n`,
      'bad.yaml': `${orders}expect: { status: [201, 202], headers: { x-none: a }, json: { ok: false, items: [1, 3], more: 1 } }\n`,
    })
    const flags = args().slice(2)
    expect((await ez(['run', 'good.yaml', ...flags], { cwd: there, env: keys })).code).toBe(0)
    const { code, stdout } = await ez(['run', 'bad.yaml', ...flags], { cwd: there, env: keys })
    for (const problem of [
      'status is 200, expected 201 or 202',
      'header x-none is missing, expected "a"',
      'json.ok is true, expected false',
      'json.items[1] is 2, expected 3',
      'json.more is missing, expected 1',
    ])
      expect(stdout).toContain(problem)
    expect(code).toBe(1)
  })
})
