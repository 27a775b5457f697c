import { EzError, secret } from '@ez/core'
import { clientCredentials, memoryStore, refreshToken, type TokenStore } from '@ez/oauth2'
import { keyvStore } from '@ez/oauth2/keyv'
import { Keyv } from 'keyv'
import { describe, expect, test } from 'vitest'
import { headerOf, send } from './support/tokens.ts'

const start = Date.parse('2026-01-02T03:04:05Z')
const at =
  (seconds: number): (() => Date) =>
  () =>
    new Date(start + seconds * 1000)
const options = {
  tokenEndpoint: 'https://auth.example.com/token',
  clientId: 'client',
  clientSecret: 'secret-1',
}

/** A token endpoint in memory that counts. */
function endpoint(answer: (call: number, form: URLSearchParams) => Response | Promise<Response>): {
  fetch: typeof fetch
  calls: number
} {
  const own = {
    calls: 0,
    fetch: (async (_: unknown, init?: RequestInit) => {
      own.calls += 1
      return answer(own.calls, new URLSearchParams(init?.body as string))
    }) as typeof fetch,
  }
  return own
}

const tokens = (expiresIn?: number): ReturnType<typeof endpoint> =>
  endpoint((call) =>
    Response.json({
      access_token: `token-${call}`,
      token_type: 'bearer',
      ...(expiresIn === undefined ? {} : { expires_in: expiresIn }),
    }),
  )

const bearer = async (...parameters: Parameters<typeof send>): Promise<string | undefined> =>
  headerOf(await send(...parameters), 'authorization')

describe('expiry', () => {
  test.each([
    [3600, 60, 3539, 1],
    [3600, 60, 3541, 2],
    [3600, 600, 3001, 2],
    // A short life has a margin of half of it.
    [60, 60, 29, 1],
    [60, 60, 31, 2],
  ])('a token of %i s, margin %i s, after %i s: %i requests', async (life, marginSeconds, later, calls) => {
    const server = tokens(life)
    const script = clientCredentials({ ...options, marginSeconds })
    await send(script, { fetch: server.fetch, clock: at(0) })
    expect(await bearer(script, { fetch: server.fetch, clock: at(later) })).toBe(`Bearer token-${calls}`)
    expect(server.calls).toBe(calls)
  })

  test('without a word about its life it is used until it is refused', async () => {
    const server = tokens()
    const script = clientCredentials(options)
    await send(script, { fetch: server.fetch, clock: at(0) })
    await send(script, { fetch: server.fetch, clock: at(1e6) })
    expect(server.calls).toBe(1)
    script.forget?.()
    expect(await bearer(script, { fetch: server.fetch, clock: at(1e6) })).toBe('Bearer token-2')
  })
})

test('many diagnoses of one refusal do not shield the next token', async () => {
  const server = tokens(3600)
  const script = clientCredentials(options)
  const refused = { status: 401, headers: [], body: new Uint8Array() }
  const first = await send(script, { fetch: server.fetch })
  for (let index = 0; index < 50; index += 1) script.diagnose?.(refused, first)
  script.forget?.()
  const second = await send(script, { fetch: server.fetch })
  script.diagnose?.(refused, first)
  script.forget?.()
  expect(await bearer(script, { fetch: server.fetch })).toBe('Bearer token-2')
  script.diagnose?.(refused, second)
  script.forget?.()
  expect(await bearer(script, { fetch: server.fetch })).toBe('Bearer token-3')
  // Without a diagnosis the one that is there is meant.
  script.forget?.()
  expect(await bearer(script, { fetch: server.fetch })).toBe('Bearer token-4')
})

describe('one at a time', () => {
  test('50 concurrent sends cause one request', async () => {
    const server = endpoint(async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return Response.json({ access_token: `token-${call}`, token_type: 'bearer', expires_in: 3600 })
    })
    const script = clientCredentials(options)
    const sent = await Promise.all(Array.from({ length: 50 }, () => bearer(script, { fetch: server.fetch })))
    expect(new Set(sent)).toEqual(new Set(['Bearer token-1']))
    expect(server.calls).toBe(1)
  })

  test("one send's abort is not another's", async () => {
    const server = endpoint(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return Response.json({ access_token: 'token-1', token_type: 'bearer' })
    })
    const script = clientCredentials(options)
    const abort = new AbortController()
    const first = send(script, { fetch: server.fetch, signal: abort.signal })
    const second = bearer(script, { fetch: server.fetch })
    setTimeout(() => abort.abort(), 10)
    await expect(first).rejects.toMatchObject({ code: 'EZ_ABORTED' })
    expect(await second).toBe('Bearer token-1')
    expect(server.calls).toBe(1)
  })

  test('a failure is not kept', async () => {
    const server = endpoint((call) =>
      call === 1
        ? Response.json({ error: 'temporarily_unavailable' }, { status: 503 })
        : Response.json({ access_token: 'token-2', token_type: 'bearer' }),
    )
    const script = clientCredentials(options)
    await expect(send(script, { fetch: server.fetch })).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFUSED',
      details: { oauthError: 'temporarily_unavailable', mayBeSpent: true },
    })
    expect(await bearer(script, { fetch: server.fetch })).toBe('Bearer token-2')
  })

  test('scripts with one store share a token, but not with another scope or client', async () => {
    const server = tokens(3600)
    const store = memoryStore()
    const own = (more: object): Promise<string | undefined> =>
      bearer(clientCredentials({ ...options, store, ...more }), { fetch: server.fetch })
    expect(await own({})).toBe('Bearer token-1')
    expect(await own({})).toBe('Bearer token-1')
    expect(await own({ scope: 'b' })).toBe('Bearer token-2')
    expect(await own({ clientSecret: 'secret-2' })).toBe('Bearer token-3')
  })

  test('a token that another process refreshed meanwhile is used', async () => {
    const server = tokens(3600)
    const store = memoryStore()
    const [one, other] = [clientCredentials({ ...options, store }), clientCredentials({ ...options, store })]
    const sent = await send(one, { fetch: server.fetch })
    await send(other, { fetch: server.fetch })
    const refused = { status: 401, headers: [], body: new Uint8Array() }
    for (const script of [one, other]) {
      script.diagnose?.(refused, sent)
      script.forget?.()
    }
    expect(await bearer(one, { fetch: server.fetch })).toBe('Bearer token-2')
    expect(await bearer(other, { fetch: server.fetch })).toBe('Bearer token-2')
    expect(server.calls).toBe(2)
  })
})

describe('rotating refresh tokens', () => {
  const rotating = { ...options, refreshToken: secret('refresh-0') }
  const rotatingServer = (): ReturnType<typeof endpoint> =>
    endpoint((call, form) => {
      // A used refresh token is refused, as RFC 9700 section 4.14.2 asks for.
      if (form.get('refresh_token') !== `refresh-${call - 1}`)
        return Response.json({ error: 'invalid_grant' }, { status: 400 })
      return Response.json({
        access_token: `token-${call}`,
        token_type: 'bearer',
        expires_in: 3600,
        refresh_token: `refresh-${call}`,
      })
    })

  test('the last one is used after a restart', async () => {
    const server = rotatingServer()
    const store = memoryStore()
    for (let restart = 1; restart <= 3; restart += 1)
      expect(
        await bearer(refreshToken({ ...rotating, store }), {
          fetch: server.fetch,
          clock: at(restart * 4000),
        }),
      ).toBe(`Bearer token-${restart}`)
  })

  test('two that share a store refresh once', async () => {
    const server = rotatingServer()
    const store = memoryStore()
    const scripts = Array.from({ length: 5 }, () => refreshToken({ ...rotating, store }))
    const sent = await Promise.all(
      scripts.map((script) => bearer(script, { fetch: server.fetch, clock: at(0) })),
    )
    expect(new Set(sent)).toEqual(new Set(['Bearer token-1']))
    expect(server.calls).toBe(1)
  })

  test('a store without a lock is refused', () => {
    const store = keyvStore(new Keyv())
    expect(() => refreshToken({ ...rotating, store })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
    expect(refreshToken({ ...rotating, store, rotating: false }).id).toBe('refresh-token')
  })

  test('a crash between refresh and store is told, and the token is not used again', async () => {
    const server = rotatingServer()
    const memory = memoryStore()
    let writes = 0
    const crashing: TokenStore = {
      ...memory,
      set(key, value) {
        writes += 1
        return writes === 1 ? memory.set(key, value) : new Promise(() => {})
      },
      lock: async () => async () => {},
    }
    void send(refreshToken({ ...rotating, store: crashing }), { fetch: server.fetch, clock: at(0) }).catch(
      () => {},
    )
    await expect.poll(() => writes).toBe(2)
    const next = send(refreshToken({ ...rotating, store: memory }), { fetch: server.fetch, clock: at(5) })
    await expect(next).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFRESH_UNFINISHED',
      message: expect.stringMatching(/began at 2026-01-02T03:04:05.000Z never ended.*Authorize again/),
    })
    expect(server.calls).toBe(1)
  })

  test('a store that cannot be written is told, and the new token is stored later', async () => {
    const server = rotatingServer()
    const memory = memoryStore()
    let failing = true
    let writes = 0
    const flaky: TokenStore = {
      ...memory,
      async set(key, value) {
        writes += 1
        if (failing && writes > 1) throw new Error('disk full')
        await memory.set(key, value)
      },
    }
    const script = refreshToken({ ...rotating, store: flaky })
    await expect(send(script, { fetch: server.fetch, clock: at(0) })).rejects.toMatchObject({
      code: 'EZ_TOKEN_STORE_FAILED',
    })
    failing = false
    expect(await bearer(script, { fetch: server.fetch, clock: at(0) })).toBe('Bearer token-1')
    expect(
      await bearer(refreshToken({ ...rotating, store: memory }), { fetch: server.fetch, clock: at(4000) }),
    ).toBe('Bearer token-2')
    expect(server.calls).toBe(2)
  })

  test('a refusal or no connection leaves the token as it was', async () => {
    const server = rotatingServer()
    const store = memoryStore()
    const refusing = (async () =>
      Response.json({ error: 'invalid_client' }, { status: 401 })) as unknown as typeof fetch
    const unconnected = (async () => {
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })
    }) as typeof fetch
    const script = refreshToken({ ...rotating, store })
    await expect(send(script, { fetch: refusing })).rejects.toMatchObject({ code: 'EZ_TOKEN_REFUSED' })
    await expect(send(script, { fetch: unconnected })).rejects.toMatchObject({ code: 'EZ_TOKEN_UNREACHABLE' })
    expect(await bearer(script, { fetch: server.fetch })).toBe('Bearer token-1')
  })

  test('an answer that got lost does not', async () => {
    const reset = (async () => {
      throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } })
    }) as typeof fetch
    const script = refreshToken(rotating)
    await expect(send(script, { fetch: reset })).rejects.toMatchObject({ code: 'EZ_TOKEN_UNREACHABLE' })
    await expect(send(script, { fetch: rotatingServer().fetch })).rejects.toMatchObject({
      code: 'EZ_TOKEN_REFRESH_UNFINISHED',
    })
  })
})

test('a refresh token that does not rotate is not stored', async () => {
  const seen: string[] = []
  const memory = memoryStore()
  const store: TokenStore = {
    ...memory,
    set: (key, value, ttlMs) => {
      seen.push(key, value)
      return memory.set(key, value, ttlMs)
    },
  }
  const server = endpoint(() =>
    Response.json({
      access_token: 'token-1',
      token_type: 'bearer',
      expires_in: 3600,
      refresh_token: 'refresh-0',
    }),
  )
  const script = refreshToken({ ...options, refreshToken: secret('refresh-0'), rotating: false, store })
  await send(script, { fetch: server.fetch })
  expect(seen.join()).toContain('token-1')
  expect(seen.join()).not.toContain('refresh-0')
})

describe('encryption at rest', () => {
  const encryptionKey = secret(Buffer.alloc(32, 7).toString('base64'))

  test('the store holds no token in the clear', async () => {
    const keyv = new Keyv()
    const seen: string[] = []
    const store = keyvStore({
      get: (key) => keyv.get(key),
      delete: (key) => keyv.delete(key),
      set: (key, value, ttlMs) => {
        seen.push(key, value)
        return keyv.set(key, value, ttlMs)
      },
    })
    const server = tokens(3600)
    await send(clientCredentials({ ...options, store, encryptionKey }), { fetch: server.fetch })
    expect(seen).toHaveLength(2)
    expect(seen.join()).not.toMatch(/token-1|secret-1|access/)
    expect(
      await bearer(clientCredentials({ ...options, store, encryptionKey }), { fetch: server.fetch }),
    ).toBe('Bearer token-1')
    expect(server.calls).toBe(1)
    const other = clientCredentials({
      ...options,
      store,
      encryptionKey: Buffer.alloc(32, 8).toString('base64'),
    })
    const error = await send(other, { fetch: server.fetch }).catch((thrown: unknown) => thrown)
    expect(EzError.isInstance(error) && error.code).toBe('EZ_TOKEN_STORE_FAILED')
  })

  test('a key of another length', () => {
    expect(() => clientCredentials({ ...options, encryptionKey: 'c2hvcnQ=' })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})
