import { Request as ForeignRequest } from 'undici'
import { describe, expect, test } from 'vitest'
import { type ConcreteRequest, type PrepareContext, signRequest } from '../../src/index.ts'
import { bodyText, errorOf, headerSigner } from '../support/support.ts'

const url = 'https://api.example.com/'
const post = (body: unknown): Request =>
  new Request(url, { method: 'POST', body: body as BodyInit, duplex: 'half' } as RequestInit)
const codeOf = async (request: Request | ConcreteRequest, context?: PrepareContext): Promise<string> =>
  (await errorOf(signRequest(request, [], context))).code

const streamOf = (...chunks: unknown[]): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })

describe('a Request whose body stalls', () => {
  const stalled = (): ReadableStream =>
    new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(2)) })

  test('ends by the signal of the context, or by its own', async () => {
    const signal = AbortSignal.timeout(5)
    expect(await codeOf(post(stalled()), { signal })).toBe('EZ_ABORTED')
    const own = new AbortController()
    const pending = codeOf(new Request(post(stalled()), { signal: own.signal }), {
      signal: new AbortController().signal,
    })
    setTimeout(() => own.abort(), 5)
    expect(await pending).toBe('EZ_ABORTED')
  })

  test('ends by the limit of a step, and nothing is read after that', async () => {
    let pulled = 0
    let cancelled = false
    const body = new ReadableStream({
      async pull(controller) {
        pulled += 1
        await new Promise((resolve) => setTimeout(resolve, 1))
        controller.enqueue(new Uint8Array(1))
      },
      cancel: () => {
        cancelled = true
      },
    })
    const request = post(body)
    const error = await errorOf(signRequest(request, [], { stepTimeoutMs: 20 }))
    expect(error.code).toBe('EZ_STEP_TIMEOUT')
    expect(error.message).toMatch(/^request: /)
    const before = pulled
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(pulled - before).toBeLessThan(3)
    // It is the caller's, who may still send or drop it.
    expect(request.bodyUsed).toBe(false)
    await request.body?.cancel()
    expect(cancelled).toBe(true)
  })
})

test('an aborted Request is not signed, whatever signal the context has', async () => {
  const aborted = new Request(url, { signal: AbortSignal.abort() })
  expect(await codeOf(aborted, { signal: new AbortController().signal })).toBe('EZ_ABORTED')
  expect(await codeOf(new Request(url), { signal: AbortSignal.abort() })).toBe('EZ_ABORTED')
})

test('a Request of npm’s undici is one: read whole, left unread, with its signal', async () => {
  const foreign = (init: object): Request => new ForeignRequest(url, init) as unknown as Request
  expect(await codeOf(foreign({ signal: AbortSignal.abort() }))).toBe('EZ_ABORTED')
  const request = foreign({ method: 'POST', body: 'abc', headers: { 'x-a': '1' } })
  const prepared = await signRequest(request, [headerSigner()])
  expect(bodyText(prepared)).toBe('abc')
  expect(prepared.headers).toContainEqual(['x-a', '1'])
  expect(await request.text()).toBe('abc')
})

test.each([
  ['abc', 'abc'],
  ['', null],
])('a Request that tells no body, as in Firefox, is read: %j', async (text, expected) => {
  const { method, headers, signal } = new Request(url, { method: 'POST' })
  const arrayBuffer = async () => new TextEncoder().encode(text).buffer
  const request = {
    method,
    url,
    headers,
    signal,
    bodyUsed: false,
    arrayBuffer,
    clone: () => request,
  } as Request
  const prepared = await signRequest(request, [])
  expect(prepared.body && bodyText(prepared)).toBe(expected)
})

test('what is signed is not changed by who reads the Request’s own body', async () => {
  const request = post(streamOf(new TextEncoder().encode('abc')))
  const prepared = await signRequest(request, [])
  const { value } = await (request.body as ReadableStream<Uint8Array>).getReader().read()
  value?.fill(0)
  expect(bodyText(prepared)).toBe('abc')
})

describe('a body that cannot be read is told as such', () => {
  test('of a Request that somebody reads', async () => {
    const request = post('x')
    request.body?.getReader()
    expect(await codeOf(request)).toBe('EZ_BODY_INVALID')
  })

  test('of a stream of texts', async () => {
    expect(await codeOf(post(streamOf('abc')))).toBe('EZ_BODY_INVALID')
  })
})

describe('the headers of a concrete request', () => {
  const sign = (headers: object) => signRequest({ method: 'GET', url, headers: headers as never }, [])

  test('are left out when they are undefined', async () => {
    expect((await sign({ 'x-a': undefined, 'x-b': '1' })).headers).toEqual([['x-b', '1']])
  })

  test.each([[['1', '2']], [5], [null], [{}]])('are refused when they are no text: %j', async (value) => {
    const error = await errorOf(sign({ 'x-a': value }))
    expect(error.code).toBe('EZ_HEADER_INVALID')
    expect(error.message).toMatch(/^headers\.x-a: /)
  })
})
