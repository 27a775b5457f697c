import { EzError, prepare, secret } from '@ez/core'
import { describe, expect, test } from 'vitest'
import {
  type ClientCredentialsOptions,
  clientCredentials,
  loginWithAmazon,
  memoryStore,
  refreshToken,
  type TokenStore,
} from '../src/index.ts'

const tokenEndpoint = 'https://auth.example.com/token?code=example-key'
const good = { access_token: 'example-token', token_type: 'Bearer' }
const idToken = `${btoa('{"alg":"RS256"}')}.${btoa('{"iss":"https://other.example","aud":"x"}')}.c2ln`

async function outcomeOf(
  answer: () => Response,
  options: Partial<ClientCredentialsOptions> = {},
): Promise<string | EzError> {
  const script = clientCredentials({
    tokenEndpoint,
    clientId: 'client',
    clientSecret: secret('example-secret'),
    ...options,
  })
  try {
    const prepared = await prepare(
      { method: 'GET', url: 'https://api.example.com/', preRequest: [script] },
      { fetch: async () => answer() },
    )
    return prepared.headers.find(([name]) => name === 'authorization')?.[1] ?? 'none'
  } catch (error) {
    if (EzError.isInstance(error)) return error
    throw error
  }
}

describe('answers of a token endpoint that are used', () => {
  const bodies = {
    'an ID token of any issuer': { ...good, id_token: idToken, expires_in: 3600 },
    'an expiry as text': { ...good, expires_in: '3600' },
    'members that are null': { ...good, expires_in: null, refresh_token: null, scope: null },
  }
  for (const [title, body] of Object.entries(bodies))
    test(title, async () => {
      expect(await outcomeOf(() => Response.json(body))).toBe('Bearer example-token')
    })

  test('the header keeps its scheme however its name is written', async () => {
    expect(await outcomeOf(() => Response.json(good), { header: 'Authorization' })).toBe(
      'Bearer example-token',
    )
  })
})

describe('answers of a token endpoint that are not', () => {
  const json =
    (body: unknown, status = 200): (() => Response) =>
    () =>
      Response.json(body, { status })
  const broken = (): Response =>
    new Response(new ReadableStream({ start: (controller) => controller.error(new Error('reset')) }))
  const table: readonly [title: string, answer: () => Response, code: string, details: object][] = [
    [
      'an error with status 200',
      json({ error: 'invalid_grant' }),
      'EZ_TOKEN_REFUSED',
      { oauthError: 'invalid_grant', mayBeSpent: false },
    ],
    ['status 201', json(good, 201), 'EZ_TOKEN_RESPONSE_INVALID', { mayBeSpent: true }],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: '/' } }),
      'EZ_TOKEN_RESPONSE_INVALID',
      { mayBeSpent: true },
    ],
    ['status 400 without an error', json({}, 400), 'EZ_TOKEN_RESPONSE_INVALID', { mayBeSpent: false }],
    ['status 503', json({}, 503), 'EZ_TOKEN_RESPONSE_INVALID', { transient: true }],
    ['no type', json({ access_token: 'x' }), 'EZ_TOKEN_RESPONSE_INVALID', {}],
    ['a token that is bound by DPoP', json({ ...good, token_type: 'DPoP' }), 'EZ_TOKEN_RESPONSE_INVALID', {}],
    ['a negative expiry', json({ ...good, expires_in: -1 }), 'EZ_TOKEN_RESPONSE_INVALID', {}],
    ['a page', () => new Response('<html>example-token'), 'EZ_TOKEN_RESPONSE_INVALID', {}],
    ['half a body', broken, 'EZ_TOKEN_UNREACHABLE', { mayBeSpent: true }],
  ]
  for (const [title, answer, code, details] of table)
    test(title, async () => {
      const error = await outcomeOf(answer)
      expect(error).toMatchObject({
        code,
        details: { endpoint: 'https://auth.example.com/token', ...details },
      })
      expect(JSON.stringify([error, (error as EzError).message])).not.toMatch(/example-(?:key|token|secret)/)
    })
})

describe('options that fail when a script is created', () => {
  const credentials = { clientId: 'client', clientSecret: secret('example-secret') }
  for (const options of [
    { timeoutMs: 0 },
    { timeoutMs: 2 ** 31 },
    { marginSeconds: -1 },
    { store: {} },
    { extraParameters: { audience: 1 } },
    { tokenEndpoint: 'https://user:example-password@auth.example.com/token' },
  ])
    test(JSON.stringify(options), () => {
      const create = (): unknown =>
        clientCredentials({
          tokenEndpoint,
          ...credentials,
          ...options,
        } as unknown as ClientCredentialsOptions)
      expect(create).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
      expect(create).not.toThrow(/example-password/)
    })
})

describe('stores', () => {
  const template = (store: TokenStore): Parameters<typeof prepare>[0] => ({
    method: 'GET',
    url: 'https://api.example.com/',
    preRequest: [
      refreshToken({ tokenEndpoint, clientId: 'client', refreshToken: secret('example-refresh'), store }),
    ],
  })
  const fetch = async (): Promise<Response> => Response.json({ ...good, refresh_token: 'next' })

  test('a refresh token that may be spent is no reason to try again', async () => {
    const busy = async (): Promise<Response> => Response.json({}, { status: 503 })
    await expect(prepare(template(memoryStore()), { fetch: busy })).rejects.toMatchObject({
      details: { transient: false, mayBeSpent: true },
    })
  })

  test('a lock that fails is an error of the store, and quotes nothing', async () => {
    const lock = async (): Promise<undefined> => {
      throw new Error('example-secret')
    }
    const pending = prepare(template({ ...memoryStore(), lock }), { fetch })
    await expect(pending).rejects.toMatchObject({ code: 'EZ_TOKEN_STORE_FAILED' })
    await expect(pending).rejects.not.toThrow(/example-secret/)
  })

  for (const text of [
    'null',
    '5',
    '{"token":{}}',
    '{"token":null}',
    '{"token":{"accessToken":5}}',
    'nonsense',
  ])
    test(`an entry of ${text} is not used`, async () => {
      const pending = prepare(template({ ...memoryStore(), get: async () => text }), { fetch })
      await expect(pending).rejects.toMatchObject({ code: 'EZ_TOKEN_STORE_FAILED' })
    })

  test('the memory forgets what has expired, and keeps what has not', async () => {
    const store = memoryStore()
    await store.set('for ever', 'a')
    for (let index = 0; index < 5000; index += 1) await store.set(`key ${index}`, 'b', -1)
    expect(await store.get('key 4999')).toBeUndefined()
    await store.set('later', 'c', 60_000)
    expect(await store.get('for ever')).toBe('a')
    expect(await store.get('later')).toBe('c')
  })
})

test('50 concurrent sends ask once for a restricted data token', async () => {
  let asked = 0
  const fetch = async (url: unknown): Promise<Response> => {
    if (!String(url).includes('restrictedDataToken')) return Response.json(good)
    asked += 1
    await new Promise((resolve) => setImmediate(resolve))
    return Response.json({ restrictedDataToken: `restricted-${asked}`, expiresIn: 3600 })
  }
  const script = loginWithAmazon({
    clientId: 'client',
    clientSecret: secret('example-secret'),
    refreshToken: secret('example-refresh'),
    restricted: { resources: [{ method: 'GET', path: '/orders/v0/orders' }] },
  })
  const url = 'https://sellingpartnerapi-na.amazon.com/orders/v0/orders'
  const prepared = await Promise.all(
    Array.from({ length: 50 }, () => prepare({ method: 'GET', url, preRequest: [script] }, { fetch })),
  )
  expect(asked).toBe(1)
  expect(new Set(prepared.map(({ headers }) => JSON.stringify(headers))).size).toBe(1)
})
