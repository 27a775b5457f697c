import { EzError, type PreRequestScript } from '@ez/core'
import { expect, test } from 'vitest'
import { attemptsOf, createClient } from '../src/index.ts'
import { caught } from './support/caught.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

test('prepares every attempt anew: clock, nonce and signature; uuid and the start of the send stay', async () => {
  const timers = new FakeTimers()
  const start = Date.UTC(2026, 0, 1, 23, 59, 59)
  const server = await startServer((_, response, count) => answer(response, count < 4 ? 503 : 200))
  let nonce = 0
  const client = createClient({
    timers,
    clock: () => new Date(start + timers.now() + 1000 * nonce),
    nonce: () => `nonce-${++nonce}`,
    random: () => 1,
    preRequest: [stampSigner()],
  })
  const response = await client.send({
    method: 'GET',
    url: server.url,
    query: { day: '{%today%}', id: '{%uuid%}', at: '{%timestamp%}' },
  })
  expect(response.status).toBe(200)
  expect(server.received.map(({ headers }) => headers['x-nonce'])).toEqual([
    'nonce-1',
    'nonce-2',
    'nonce-3',
    'nonce-4',
  ])
  expect(new Set(server.received.map(({ headers }) => headers['x-stamp'])).size).toBe(4)
  const urls = server.received.map(({ path }) => new URL(path, server.url).searchParams)
  expect(new Set(urls.map((query) => query.get('day')))).toEqual(new Set(['2026-01-01']))
  expect(new Set(urls.map((query) => query.get('id'))).size).toBe(1)
  expect(new Set(urls.map((query) => query.get('at'))).size).toBe(4)
  // Full jitter at its bound: 250, 500, 1,000 ms.
  expect(timers.waits).toEqual([250, 500, 1000])
  expect(attemptsOf(response).map(({ status, delayMs }) => [status, delayMs])).toEqual([
    [503, 0],
    [503, 250],
    [503, 500],
    [200, 1000],
  ])
})

const throttlings: readonly {
  title: string
  status: number
  body?: string
  headers?: Record<string, string>
  waits: number
}[] = [
  { title: 'Retry-After in seconds', status: 429, headers: { 'retry-after': '7' }, waits: 7000 },
  {
    title: 'Retry-After as a date, against the server’s own Date',
    status: 429,
    headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' },
    waits: 9000,
  },
  { title: 'Cosmos DB', status: 429, headers: { 'x-ms-retry-after-ms': '321' }, waits: 321 },
  { title: 'SP-API', status: 429, headers: { 'x-amzn-RateLimit-Limit': '0.5' }, waits: 2000 },
  {
    title: 'NetSuite RESTlet',
    status: 400,
    body: '{"error":{"code":"SSS_REQUEST_LIMIT_EXCEEDED","message":"…"}}',
    waits: 0,
  },
  {
    title: 'S3',
    status: 503,
    body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
    waits: 0,
  },
]

for (const { title, status, body = '', headers = {}, waits } of throttlings)
  test(`waits as a throttling answer says: ${title}`, async () => {
    const timers = new FakeTimers()
    const server = await startServer((_, response, count) =>
      count === 1 ? answer(response, status, body, headers) : answer(response, 200, 'done'),
    )
    const client = createClient({ timers, random: () => 0, retry: { maxDelayMs: 1 } })
    // Refused unprocessed, so a POST may go again as well.
    const response = await client.send({ method: 'POST', url: server.url, body: { text: 'q' } })
    expect(await response.text()).toBe('done')
    expect(timers.waits).toEqual([waits])
    expect(attemptsOf(response)[0]?.diagnosis?.cause).toBe('throttled')
  })

test('the words of a throttling answer do not count with another status, or as data', async () => {
  const server = await startServer((_, response) =>
    answer(response, 404, 'SlowDown SSS_REQUEST_LIMIT_EXCEEDED'),
  )
  const client = createClient({ timers: new FakeTimers() })
  const response = await client.send({ method: 'GET', url: server.url })
  expect(attemptsOf(response)).toHaveLength(1)
})

const repeats: readonly {
  title: string
  method: string
  status: number
  headers?: Record<string, string>
  repeat?: 'when-safe' | 'when-idempotent' | 'always'
  sent: number
}[] = [
  { title: 'GET 500', method: 'GET', status: 500, sent: 3 },
  { title: 'HEAD 502', method: 'HEAD', status: 502, sent: 3 },
  { title: 'PUT 408', method: 'PUT', status: 408, sent: 3 },
  { title: 'DELETE 504', method: 'DELETE', status: 504, sent: 3 },
  { title: 'POST 500', method: 'POST', status: 500, sent: 1 },
  { title: 'PATCH 503', method: 'PATCH', status: 503, sent: 1 },
  { title: 'POST 425', method: 'POST', status: 425, sent: 3 },
  { title: 'POST 429', method: 'POST', status: 429, sent: 3 },
  { title: 'POST 429 when-idempotent', method: 'POST', status: 429, repeat: 'when-idempotent', sent: 1 },
  { title: 'POST 500 always', method: 'POST', status: 500, repeat: 'always', sent: 3 },
  {
    title: 'POST 500 with key',
    method: 'POST',
    status: 500,
    headers: { 'Idempotency-Key': '{%uuid%}' },
    sent: 3,
  },
  { title: 'GET 400', method: 'GET', status: 400, sent: 1 },
  { title: 'GET 404', method: 'GET', status: 404, sent: 1 },
]

for (const { title, method, status, headers, repeat, sent } of repeats)
  test(`repeats what may be repeated: ${title}`, async () => {
    const server = await startServer((_, response) => answer(response, status))
    const client = createClient({
      timers: new FakeTimers(),
      retry: { limit: 2, ...(repeat ? { repeat } : {}) },
    })
    const response = await client.send({ method, url: server.url, ...(headers ? { headers } : {}) })
    expect(response.status).toBe(status)
    expect(server.received).toHaveLength(sent)
    if (headers) expect(new Set(server.received.map((one) => one.headers['idempotency-key'])).size).toBe(1)
  })

test('a server that asks for too long a wait is answered at once, and retry: false sends once', async () => {
  const server = await startServer((_, response) => answer(response, 429, '', { 'retry-after': '3600' }))
  const timers = new FakeTimers()
  const client = createClient({ timers })
  expect((await client.send({ method: 'GET', url: server.url })).status).toBe(429)
  expect((await client.send({ method: 'GET', url: server.url }, { retry: false })).status).toBe(429)
  expect(timers.waits).toEqual([])
  expect(server.received).toHaveLength(2)
})

test('a host that fails all the time uses up its retry budget', async () => {
  const server = await startServer((_, response) => answer(response, 500))
  const client = createClient({ timers: new FakeTimers(), retry: { limit: 3 } })
  for (let index = 0; index < 60; index += 1) await client.send({ method: 'GET', url: server.url })
  // 60 sends, a reserve of 100 retries and a fifth of what is sent after that.
  expect(server.received.length).toBeGreaterThanOrEqual(160)
  expect(server.received.length).toBeLessThan(60 + 100 + 13)
})

test('a preparation that fails for now is tried again, whatever the method, and any other is not', async () => {
  const server = await startServer((_, response) => answer(response, 200))
  const timers = new FakeTimers()
  let runs = 0
  const failing = (times: number, details: Record<string, unknown>): PreRequestScript => ({
    specVersion: 1,
    id: 'token',
    run() {
      runs += 1
      if (runs <= times) throw new EzError('EZ_TOKEN_UNREACHABLE', 'token: no answer.', { details })
    },
  })
  const post = { method: 'POST', url: server.url }
  const transient = { transient: true, retryAfterMs: 7000 }
  const client = createClient({ timers, random: () => 0, preRequest: [failing(2, transient)] })
  expect((await client.send(post)).status).toBe(200)
  expect([runs, timers.waits]).toEqual([3, [7000, 7000]])
  runs = 0
  const limited = createClient({ timers, retry: { limit: 1 }, preRequest: [failing(9, transient)] })
  expect((await caught(limited.send(post))).code).toBe('EZ_TOKEN_UNREACHABLE')
  expect(runs).toBe(2)
  for (const details of [{}, { transient: false }, { transient: true, retryAfterMs: 1e9 }]) {
    runs = 0
    await caught(createClient({ timers, preRequest: [failing(9, details)] }).send(post))
    expect(runs).toBe(1)
  }
  expect(server.received).toHaveLength(1)
})
