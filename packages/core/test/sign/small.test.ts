import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ResolvedRequest, Signer, SignResult } from '../../src/index.ts'
import { sign, signingFetch } from '../../src/sign.ts'
import { RawServer } from '../support/loopback.ts'

const server = new RawServer()
let host = ''
beforeAll(async () => {
  host = await server.listen()
})
beforeEach(() => {
  server.received.length = 0
})
afterAll(() => server.close())

const key = 'example-key'
const seen: ResolvedRequest[] = []

/** Signs method, path with query, the headers `content-type` and `x-a`, and the body. */
const signer: Signer = {
  specVersion: 1,
  id: 'small-signer',
  writes: { headers: ['x-signature', 'x-date'], query: [] },
  sign(request, context) {
    seen.push(request)
    const date = context.now().toISOString()
    const { pathname, search } = new URL(request.url)
    const headers = Object.fromEntries(request.headers)
    const text = [
      request.method,
      pathname + search,
      headers['content-type'] ?? '',
      headers['x-a'] ?? '',
      date,
    ]
    const signature = createHmac('sha256', key)
      .update(text.join('\n'))
      .update(request.body instanceof Uint8Array ? request.body : '')
      .digest('hex')
    return {
      patch: { headers: { 'x-signature': signature, 'x-date': date }, query: [] },
      trace: [{ id: 'string-to-sign', value: text.join('\n') }],
    }
  },
}

/** What a server works out of the bytes that came. */
function verifies({ requestLine, headers, body }: (typeof server.received)[number]): boolean {
  const value = (name: string): string => headers.find(([known]) => known.toLowerCase() === name)?.[1] ?? ''
  const [method = '', target = ''] = requestLine.split(' ')
  const text = [method, target, value('content-type'), value('x-a'), value('x-date')].join('\n')
  return createHmac('sha256', key).update(text).update(body).digest('hex') === value('x-signature')
}

const writing = (patch: Partial<SignResult['patch']>, more: Partial<Signer> = {}): Signer => ({
  ...signer,
  ...more,
  sign: () => ({ patch: { headers: {}, query: [], ...patch }, trace: [] }),
})

const url = 'https://api.example.com/orders?since=1'

describe('what is signed is what is sent', () => {
  test('whatever a Request holds', async () => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'patch'),
      path: fc.constantFrom('', '/', '/a b', '/%7Ea/ü', '//x', `/it's(1)!*,;=:@&+$~`, '/a/../b', '/|^[]'),
      query: fc.constantFrom('', '?a=1&a=0', '?flag', "?it's=[|]^`", '?a=%2f+b', '?ü={}#part'),
      value: fc.string({
        unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      }),
      body: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 50 })),
      asRequest: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, value, body, asRequest }) => {
        server.received.length = 0
        const init = {
          method,
          headers: { 'x-a': value },
          ...(method === 'GET' ? {} : { body: body as Uint8Array<ArrayBuffer> }),
        }
        const target = `http://${host}${path}${query}`
        if (typeof body === 'string' && !body.isWellFormed()) return
        const signed = await sign(asRequest ? new Request(target, init) : { url: target, ...init }, signer)
        await fetch(signed)
        expect(server.received.map(verifies)).toEqual([true])
      }),
      { numRuns: 100 },
    )
  })

  test('a fetch signs each call, with the body that a form makes', async () => {
    const send = signingFetch(signer)
    const body = new FormData()
    body.set('file', new Blob(['a,b\n']), 'a.csv')
    await send(`http://${host}/upload`, { method: 'POST', body })
    await send(new Request(`http://${host}/again`))
    expect(server.received.map(verifies)).toEqual([true, true])
  })

  test('a given fetch sends, told what else the caller wants', async () => {
    const calls: [Request, RequestInit | undefined][] = []
    const fake = (async (input: Request, init?: RequestInit) => {
      calls.push([input, init])
      return new Response(null, { status: 204 })
    }) as typeof fetch
    const init = { method: 'POST', body: 'a', keepalive: true, dispatcher: 'mine' } as RequestInit
    await signingFetch(signer, { fetch: fake })(url, init)
    expect(calls[0]?.[0].method).toBe('POST')
    expect(calls[0]?.[1]).toEqual({ keepalive: true, dispatcher: 'mine', redirect: 'manual' })
  })

  test('signing again replaces the first signature', async () => {
    const clock = () => new Date('2026-01-15T12:36:00Z')
    const once = await sign(new Request(url), signer, { clock })
    const twice = await sign(once, signer, { clock })
    expect(twice.headers.get('x-signature')).toBe(once.headers.get('x-signature'))
    const byQuery = writing({ query: [['sig', 'a b']] }, { writes: { headers: [], query: ['sig'] } })
    expect((await sign(await sign(new Request(url), byQuery), byQuery)).url).toBe(`${url}&sig=a%20b`)
  })

  test('the Request that is given stays unread, and a redirect is not followed', async () => {
    const given = new Request(url, { method: 'POST', body: 'a', credentials: 'include' })
    const signed = await sign(given, signer)
    expect(given.bodyUsed).toBe(false)
    expect([signed.redirect, signed.credentials, await signed.text()]).toEqual(['manual', 'include', 'a'])
  })

  test('a stream is sent as it is', async () => {
    const body = new Blob(['streamed']).stream() as ReadableStream<Uint8Array>
    await fetch(await sign({ method: 'POST', url: `http://${host}/`, body, bodyLength: 8 }, signer))
    expect(seen.at(-1)?.bodyLength).toBe(8)
    expect(String(server.received[0]?.body)).toBe('streamed')
  })
})

describe('nothing is signed that could not be sent so', () => {
  const read = new Request(url, { method: 'POST', body: 'a' })
  beforeAll(() => read.text())

  test.each<[string, string, () => Parameters<typeof sign>]>([
    [
      'a script',
      'EZ_SPEC_UNSUPPORTED',
      () => [{ method: 'GET', url }, { id: 'a', specVersion: 1, run() {} } as never],
    ],
    ['no signer', 'EZ_SPEC_UNSUPPORTED', () => [{ method: 'GET', url }, undefined as never]],
    [
      'a signer of tomorrow',
      'EZ_SPEC_UNSUPPORTED',
      () => [
        { method: 'GET', url },
        { ...signer, specVersion: 2 as 1 },
      ],
    ],
    ['no URL', 'EZ_TEMPLATE_INVALID', () => [{ method: 'GET', url: '/orders' }, signer]],
    [
      'a user in the URL',
      'EZ_TEMPLATE_INVALID',
      () => [{ method: 'GET', url: 'https://a:b@example.com/' }, signer],
    ],
    ['no method', 'EZ_TEMPLATE_INVALID', () => [{ method: 'TRACE', url }, signer]],
    ['a body with GET', 'EZ_TEMPLATE_INVALID', () => [{ method: 'GET', url, body: 'a' }, signer]],
    ['half of a pair', 'EZ_TEXT_INVALID', () => [{ method: 'POST', url, body: '\ud800' }, signer]],
    ['a Request that was read', 'EZ_BODY_INVALID', () => [read, signer]],
    [
      'a header of the connection',
      'EZ_HEADER_NOT_SENDABLE',
      () => [{ method: 'GET', url, headers: { host: 'a' } }, signer],
    ],
    [
      'a header that is no ASCII',
      'EZ_HEADER_INVALID',
      () => [{ method: 'GET', url, headers: { 'x-a': 'ü' } }, signer],
    ],
    [
      'a length that is not the body’s',
      'EZ_HEADER_NOT_SENDABLE',
      () => [{ method: 'POST', url, headers: { 'content-length': '5' }, body: 'a' }, signer],
    ],
    ['a signer that writes nothing', 'EZ_UNSIGNED', () => [{ method: 'GET', url }, writing({})]],
    [
      'an undeclared header',
      'EZ_WRITE_UNDECLARED',
      () => [{ method: 'GET', url }, writing({ headers: { 'x-other': 'a' } })],
    ],
    [
      'an undeclared body',
      'EZ_WRITE_UNDECLARED',
      () => [{ method: 'POST', url }, writing({ body: new Uint8Array() })],
    ],
    [
      'a host of the signer’s own',
      'EZ_WRITE_UNDECLARED',
      () => [
        { method: 'GET', url },
        { ...signer, canonicalUrl: () => 'https://other.example.com/' },
      ],
    ],
    [
      'a result that is none',
      'EZ_SIGNER_FAILED',
      () => [
        { method: 'GET', url },
        { ...signer, sign: () => ({}) as never },
      ],
    ],
    [
      'a broken clock',
      'EZ_CLOCK_INVALID',
      () => [{ method: 'GET', url }, signer, { clock: () => new Date('') }],
    ],
    [
      'an aborted signal',
      'EZ_ABORTED',
      () => [{ method: 'GET', url }, signer, { signal: AbortSignal.abort() }],
    ],
    ['an aborted Request', 'EZ_ABORTED', () => [new Request(url, { signal: AbortSignal.abort() }), signer]],
  ])('%s', async (_, code, parameters) => {
    await expect(sign(...parameters())).rejects.toMatchObject({ code })
  })

  test('a fault of the signer is told without its words, which may hold a credential', async () => {
    const cause = new Error('no key example-secret')
    const failing = { ...signer, sign: () => Promise.reject(cause) }
    const error: unknown = await sign({ method: 'GET', url }, failing).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'EZ_SIGNER_FAILED', cause })
    expect(String(error)).not.toContain('example-secret')
  })

  test('a coded error of the signer stays as it is', async () => {
    const { EzError } = await import('../../src/index.ts')
    const error = new EzError('EZ_CREDENTIAL_MISSING', 'small-signer: key is required.')
    const failing = { ...signer, sign: () => Promise.reject(error) }
    await expect(sign({ method: 'GET', url }, failing)).rejects.toBe(error)
  })

  test('an abort while the signer works is heard', async () => {
    const controller = new AbortController()
    const slow: Signer = {
      ...signer,
      sign: async (request, context) => {
        controller.abort(new Error('changed my mind'))
        expect(context.signal?.aborted).toBe(true)
        return signer.sign(request, context)
      },
    }
    const { signal } = controller
    await expect(sign(new Request(url), slow, { signal })).rejects.toMatchObject({ code: 'EZ_ABORTED' })
  })
})

test('clock and nonce are those that are given, once for all', async () => {
  const values: unknown[] = []
  const asking: Signer = {
    ...signer,
    sign(_, context) {
      values.push(context.now().toISOString(), context.nonce(), context.nonce())
      return { patch: { headers: { 'x-date': 'a' }, query: [] }, trace: [] }
    },
  }
  let calls = 0
  const nonce = () => `nonce-${++calls}`
  await sign({ method: 'GET', url }, asking, { clock: () => new Date(0), nonce })
  await sign({ method: 'GET', url }, asking)
  expect(values.slice(0, 3)).toEqual(['1970-01-01T00:00:00.000Z', 'nonce-1', 'nonce-1'])
  expect(values[4]).toMatch(/^[0-9a-f]{32}$/)
  expect(values[5]).toBe(values[4])
})
