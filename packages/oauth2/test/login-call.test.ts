import { generateKeyPairSync, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@ez/client'
import { githubApp, googleServiceAccount, loginCall, memoryStore } from '@ez/oauth2'
import { describe, expect, onTestFinished, test } from 'vitest'
import { headerOf, send, shown } from './support/tokens.ts'

interface Asked {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

async function listen(
  answer: (asked: Asked, count: number) => readonly [status: number, body: string],
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const one = { path: request.url ?? '', headers: request.headers, body }
    asked.push(one)
    const [status, text] = answer(one, asked.length)
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const session = (count: number): string =>
  JSON.stringify({ data: { token: `session-token-${count}`, ttl: '600' } })

describe('loginCall', () => {
  test('logs in once, and again when the token has ended', async () => {
    const server = await listen((_, count) => [200, session(count)])
    const step = loginCall({
      request: {
        url: `${server.url}/login?key=hidden-in-query`,
        json: { user: 'me', password: 'very-secret-1' },
      },
      token: '$.data.token',
      expiresIn: '$.data.ttl',
      scheme: 'Token ',
    })
    const start = Date.parse('2026-01-02T03:04:05Z')
    const after = (seconds: number) => ({ clock: () => new Date(start + seconds * 1000) })
    const first = await send(step, after(0))
    expect(headerOf(first, 'authorization')).toBe('Token session-token-1')
    expect(headerOf(await send(step, after(539)), 'authorization')).toBe('Token session-token-1')
    expect(headerOf(await send(step, after(541)), 'authorization')).toBe('Token session-token-2')
    expect(server.asked).toHaveLength(2)
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({ user: 'me', password: 'very-secret-1' })
    expect(shown(first)).not.toMatch(/session-token|very-secret/)
  })

  test('text that looks like a token of a template is sent as it stands', async () => {
    const server = await listen((_, count) => [200, session(count)])
    await send(
      loginCall({
        request: { url: server.url, form: { password: '{{a}}{%b%}' } },
        token: '$.data.token',
      }),
    )
    expect(new URLSearchParams(server.asked[0]?.body).get('password')).toBe('{{a}}{%b%}')
  })

  test.each([
    ['seconds', { expiresIn: 600 }],
    ['an ISO instant', { expiresAt: '$.iso' }],
    ['seconds since 1970', { expiresAt: '$.unix' }],
    ['milliseconds since 1970', { expiresAt: '$.ms' }],
  ])('knows when a token ends by %s', async (_, given) => {
    const start = Date.parse('2026-01-02T03:04:05Z')
    const server = await listen((_one, count) => [
      200,
      JSON.stringify({
        token: `session-token-${count}`,
        iso: '2026-01-02T03:14:05Z',
        unix: start / 1000 + 600,
        ms: String(start + 600_000),
      }),
    ])
    const step = loginCall({ request: { url: server.url }, token: '$.token', ...given })
    for (const seconds of [0, 539, 541]) await send(step, { clock: () => new Date(start + seconds * 1000) })
    expect(server.asked).toHaveLength(2)
  })

  test.each([
    [401, undefined, 2],
    [419, [401, 419], 2],
    [403, undefined, 1],
  ])(
    'fifty sends that are refused with %i together log in anew once, if that is asked for',
    async (status, renewOn, logins) => {
      const login = await listen((_, count) => [200, session(count)])
      const api = await listen(({ headers }) =>
        headers.authorization === 'Bearer session-token-1' ? [status, '{}'] : [200, '{}'],
      )
      const step = loginCall({
        request: { url: login.url },
        token: '$.data.token',
        ...(renewOn && { renewOn }),
      })
      const client = createClient({ preRequest: [step] })
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => client.send({ method: 'POST', url: api.url })),
      )
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([logins === 2 ? 200 : status]))
      expect(login.asked).toHaveLength(logins)
    },
  )

  test.each([
    [[401, '{"message":"wrong very-secret-1"}'], 'EZ_TOKEN_REFUSED', /HTTP 401/],
    [[302, ''], 'EZ_TOKEN_REFUSED', /HTTP 302/],
    [[200, 'no json'], 'EZ_TOKEN_RESPONSE_INVALID', /no JSON/],
    [[200, '{"data":{}}'], 'EZ_TOKEN_RESPONSE_INVALID', /\$\.data\.token/],
    [[200, '{"data":{"token":"a b\\nc","ttl":1}}'], 'EZ_TOKEN_RESPONSE_INVALID', /\$\.data\.token/],
    [[200, '{"data":{"token":"abc"}}'], 'EZ_TOKEN_RESPONSE_INVALID', /\$\.data\.ttl/],
    [[200, `"${'x'.repeat(1_100_000)}"`], 'EZ_TOKEN_RESPONSE_INVALID', /longer than/],
  ] as const)('an answer that gives no token fails the request: %#', async (answer, code, message) => {
    const server = await listen(() => answer)
    const failed = send(
      loginCall({
        request: { url: `${server.url}/login?key=hidden-in-query`, json: { password: 'very-secret-1' } },
        token: '$.data.token',
        expiresIn: '$.data.ttl',
      }),
    )
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(shown(await failed.catch((error: unknown) => error))).not.toMatch(/very-secret|hidden-in-query/)
  })

  test.each([
    { request: { url: 'http://api.example.com/login' }, token: '$.t' },
    { request: { url: 'https://api.example.com/login', json: {}, text: '' }, token: '$.t' },
    { request: { url: 'https://api.example.com/login' }, token: '$.t', expiresIn: 1, expiresAt: '$.a' },
    { request: { url: 'https://api.example.com/login' }, token: '$.t', renewOn: [200] },
  ])('options that make no sense are refused: %#', (options) => {
    expect(() => loginCall(options)).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })
})

describe('GitHub App', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

  test("exchanges the app's token for the installation's, until it ends", async () => {
    const now = Date.parse('2026-01-02T03:04:05Z')
    const server = await listen((_, count) => [
      201,
      JSON.stringify({ token: `ghs_example${count}`, expires_at: '2026-01-02T04:04:05Z' }),
    ])
    const step = githubApp({
      appId: 'Iv1.example',
      privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }) as string,
      installationId: '4711',
      permissions: { contents: 'read' },
      apiUrl: server.url,
    })
    for (const seconds of [0, 3000])
      expect(
        headerOf(await send(step, { clock: () => new Date(now + seconds * 1000) }), 'authorization'),
      ).toBe('Bearer ghs_example1')
    const [asked] = server.asked as [Asked]
    expect(server.asked).toHaveLength(1)
    expect(asked.path).toBe('/app/installations/4711/access_tokens')
    expect(JSON.parse(asked.body)).toEqual({ permissions: { contents: 'read' } })
    const [head = '', body = '', signature = ''] = String(asked.headers.authorization).slice(7).split('.')
    expect(
      verify('sha256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true)
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toEqual({
      iss: 'Iv1.example',
      iat: now / 1000 - 60,
      exp: now / 1000 + 480,
    })
  })
})

test('Google: an ID token for an audience, by the service account', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const claims = Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600 })).toString(
    'base64url',
  )
  const idToken = `eyJhbGciOiJSUzI1NiJ9.${claims}.c2lnbmF0dXJl`
  const server = await listen(() => [200, JSON.stringify({ id_token: idToken })])
  const step = googleServiceAccount({
    serviceAccount: JSON.stringify({
      client_email: 'a@b.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: `${server.url}/token`,
    }),
    targetAudience: 'https://service.example.com',
    store: memoryStore(),
  })
  const prepared = await send(step)
  expect(headerOf(prepared, 'authorization')).toBe(`Bearer ${idToken}`)
  await send(step)
  expect(server.asked).toHaveLength(1)
  const assertion = new URLSearchParams(server.asked[0]?.body).get('assertion') as string
  expect(JSON.parse(Buffer.from(assertion.split('.')[1] as string, 'base64url').toString())).toMatchObject({
    iss: 'a@b.iam.gserviceaccount.com',
    target_audience: 'https://service.example.com',
  })
  expect(shown(prepared)).not.toContain('c2lnbmF0dXJl')
})
