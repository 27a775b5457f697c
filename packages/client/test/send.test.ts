import { EzError, secret } from '@ez/core'
import { expect, test } from 'vitest'
import { attemptsOf, createClient } from '../src/index.ts'
import { answer, closedServer, startServer } from './support/server.ts'
import { stampSigner, tokenScript } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

const caught = async (pending: Promise<unknown>): Promise<EzError> => {
  const error = await pending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!EzError.isInstance(error)) throw new Error(`expected an EzError, got ${String(error)}`)
  return error
}

test('sends a template and resolves to a standard Response, whatever the status', async () => {
  const server = await startServer((_, response) =>
    answer(response, 404, { no: 1 }, { 'set-cookie': ['a=1', 'b=2'] }),
  )
  const client = createClient({ variables: { base: server.url } })
  const response = await client.send(
    {
      method: 'POST',
      url: '{{base}}/orders',
      query: { since: '{{since}}' },
      body: { json: { a: [1] } },
    },
    { variables: { since: '2026-01-01' } },
  )
  expect(response).toBeInstanceOf(Response)
  expect(response.status).toBe(404)
  expect(response.url).toBe(`${server.url}/orders?since=2026-01-01`)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.json()).toEqual({ no: 1 })
  expect(server.received[0]?.body).toBe('{"a":[1]}')
  expect(attemptsOf(response).map(({ status }) => status)).toEqual([404])
})

test('throwOnError gives a coded error with masked body and attempts', async () => {
  const key = secret('example-key-123456')
  const server = await startServer((received, response) =>
    answer(response, 403, `you sent ${received.headers['x-key']}`),
  )
  const client = createClient({ throwOnError: true, variables: { key } })
  const error = await caught(client.send({ method: 'GET', url: server.url, headers: { 'x-key': '{{key}}' } }))
  expect(error.code).toBe('EZ_HTTP_STATUS')
  expect(error.details).toMatchObject({ status: 403, body: 'you sent ***' })
  expect(JSON.stringify(error)).not.toContain('example-key-123456')
  expect(attemptsOf(error)).toHaveLength(1)
})

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

test('a clock that is wrong is put right by the server’s Date, and the offset is kept per host', async () => {
  const serverNow = Date.UTC(2026, 5, 1, 12)
  const ours = serverNow - 20 * 60_000
  const server = await startServer((received, response) => {
    const stamp = Date.parse(received.headers['x-stamp'] ?? '')
    answer(response, Math.abs(stamp - serverNow) < 300_000 ? 200 : 403, '', {
      date: new Date(serverNow).toUTCString(),
    })
  })
  for (const signer of [
    stampSigner(),
    stampSigner(({ status }) => (status === 403 ? { cause: 'clock-skew', message: 'late' } : undefined)),
    stampSigner(({ status }) =>
      status === 403 ? { cause: 'clock-skew', message: 'late', clockOffsetMs: 20 * 60_000 } : undefined,
    ),
  ]) {
    server.received.length = 0
    const client = createClient({ clock: () => new Date(ours), preRequest: [signer] })
    const first = await client.send({ method: 'POST', url: server.url })
    expect(attemptsOf(first).map(({ status }) => status)).toEqual([403, 200])
    const second = await client.send({ method: 'POST', url: `${server.url}/more` })
    expect(attemptsOf(second).map(({ status }) => status)).toEqual([200])
    expect(server.received.at(-1)?.headers['x-stamp']).toBe(new Date(serverNow).toISOString())
  }
})

test('a refusal that the clock does not explain is not sent a third time, nor its offset kept', async () => {
  const server = await startServer((_, response) =>
    answer(response, 401, '', { date: new Date(Date.now() + 3_600_000).toUTCString() }),
  )
  const client = createClient({ preRequest: [stampSigner()] })
  for (let index = 1; index <= 2; index += 1) {
    const response = await client.send({ method: 'GET', url: server.url })
    expect(response.status).toBe(401)
    expect(server.received).toHaveLength(index * 2)
  }
})

test('an expired token is forgotten, and the request prepared once more', async () => {
  for (const script of [
    tokenScript(),
    tokenScript(({ status }) =>
      status === 401 ? { cause: 'token-expired', message: 'expired' } : undefined,
    ),
  ]) {
    const server = await startServer((received, response) =>
      answer(response, received.headers['x-token'] === 'token-1' ? 401 : 200),
    )
    const client = createClient({ preRequest: [script] })
    const response = await client.send({ method: 'POST', url: server.url, body: { json: 1 } })
    expect(response.status).toBe(200)
    expect(script.fetched).toBe(2)
    expect(attemptsOf(response).map(({ status }) => status)).toEqual([401, 200])
  }
})

test('50 concurrent sends with one expired token forget it once', async () => {
  const script = tokenScript()
  let waiting: (() => void)[] = []
  const server = await startServer(async (received, response) => {
    const old = received.headers['x-token'] === 'token-1'
    // Half of the refusals come only after the others have a new token.
    if (old && Number(received.path.slice(1)) % 2 === 0)
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
    answer(response, old ? 401 : 200)
    if (!old) {
      for (const release of waiting) release()
      waiting = []
    }
  })
  const client = createClient({ preRequest: [script] })
  const responses = await Promise.all(
    Array.from({ length: 50 }, (_, index) => client.send({ method: 'GET', url: `${server.url}/${index}` })),
  )
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200))
  expect(script.fetched).toBe(2)
})

test('a token that is refused again is an answer, not a loop', async () => {
  const script = tokenScript()
  const server = await startServer((_, response) => answer(response, 401))
  const client = createClient({ preRequest: [script] })
  expect((await client.send({ method: 'GET', url: server.url })).status).toBe(401)
  expect(server.received).toHaveLength(2)
  expect(script.fetched).toBe(2)
})

test('a failing script is a coded error with the attempts so far', async () => {
  let runs = 0
  const server = await startServer((_, response) => answer(response, 503))
  const client = createClient({ timers: new FakeTimers() })
  const error = await caught(
    client.send({
      method: 'GET',
      url: server.url,
      preRequest: [
        {
          specVersion: 1,
          id: 'second-fails',
          run() {
            runs += 1
            if (runs === 2) throw new Error('no token')
          },
        },
      ],
    }),
  )
  expect(error.code).toBe('EZ_SCRIPT_FAILED')
  expect(attemptsOf(error).map(({ status }) => status)).toEqual([503])
})

test('each attempt reads a stream anew; a stream that was read already is refused', async () => {
  const server = await startServer((_, response, count) => answer(response, count === 1 ? 500 : 200))
  const client = createClient({ timers: new FakeTimers() })
  const create = (): ReadableStream<Uint8Array> => new Blob(['hello']).stream()
  const response = await client.send({ method: 'PUT', url: server.url, body: { stream: create, length: 5 } })
  expect(response.status).toBe(200)
  expect(server.received.map(({ body }) => body)).toEqual(['hello', 'hello'])
  const one = create()
  const error = await caught(
    client
      .send({ method: 'PUT', url: server.url, body: { stream: () => one } })
      .then(() => client.send({ method: 'PUT', url: server.url, body: { stream: () => one } })),
  )
  expect(error.code).toBe('EZ_BODY_INVALID')
})

test('a connection that cannot be made, a time-out and an abort are coded errors', async () => {
  const server = await startServer(() => undefined)
  const client = createClient({ timers: new FakeTimers(), retry: { limit: 1 } })
  const refused = await caught(client.send({ method: 'POST', url: await closedServer() }))
  expect(refused.code).toBe('EZ_NETWORK')
  expect(attemptsOf(refused).map(({ error }) => error?.code)).toEqual(['EZ_NETWORK', 'EZ_NETWORK'])

  const late = await caught(client.send({ method: 'GET', url: server.url }, { timeoutMs: 30 }))
  expect(late.code).toBe('EZ_TIMEOUT')
  expect(attemptsOf(late)).toHaveLength(2)

  const controller = new AbortController()
  const pending = client.send({ method: 'GET', url: server.url }, { signal: controller.signal })
  controller.abort(new Error('enough'))
  expect((await caught(pending)).code).toBe('EZ_ABORTED')
  expect(
    (await caught(client.send({ method: 'GET', url: server.url }, { signal: controller.signal }))).code,
  ).toBe('EZ_ABORTED')
})

test('an abort ends the wait for a retry', async () => {
  const server = await startServer((_, response) => answer(response, 429, '', { 'retry-after': '60' }))
  const controller = new AbortController()
  const client = createClient({ hooks: { beforeRetry: () => controller.abort() } })
  const error = await caught(client.send({ method: 'GET', url: server.url }, { signal: controller.signal }))
  expect(error.code).toBe('EZ_ABORTED')
  expect(attemptsOf(error)).toHaveLength(1)
})

test('a body that breaks off is retried, and a coded error when it stays so', async () => {
  const server = await startServer((_, response, count) => {
    if (count % 3 === 0) {
      answer(response, 200, 'whole')
      return
    }
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    setImmediate(() => response.destroy())
  })
  const client = createClient({ timers: new FakeTimers() })
  const response = await client.send({ method: 'GET', url: server.url })
  expect(await response.text()).toBe('whole')
  expect(attemptsOf(response).map(({ error }) => error?.code)).toEqual([
    'EZ_RESPONSE_INCOMPLETE',
    'EZ_RESPONSE_INCOMPLETE',
    undefined,
  ])
  const error = await caught(client.send({ method: 'GET', url: server.url }, { retry: false }))
  expect(error.code).toBe('EZ_RESPONSE_INCOMPLETE')
})

test('a long body is passed on as a stream, whole, and a break in it is a coded error', async () => {
  const long = 'x'.repeat(300_000)
  const server = await startServer((received, response) => {
    if (received.path === '/whole') answer(response, 200, long)
    else {
      response.writeHead(200, { 'content-length': '300000' })
      response.write(long.slice(0, 200_000))
      setTimeout(() => response.destroy(), 20)
    }
  })
  const client = createClient({ bufferBytes: 1000 })
  expect(await (await client.send({ method: 'GET', url: `${server.url}/whole` })).text()).toBe(long)
  const broken = await client.send({ method: 'GET', url: `${server.url}/broken` })
  expect((await caught(broken.text())).code).toBe('EZ_RESPONSE_INCOMPLETE')
  const dropped = await client.send({ method: 'GET', url: `${server.url}/whole` })
  await dropped.body?.cancel()
})

test('hooks are told of every attempt, and one that throws ends the send with a code', async () => {
  const told: string[] = []
  const server = await startServer((_, response, count) => answer(response, count === 1 ? 500 : 200))
  const client = createClient({
    timers: new FakeTimers(),
    hooks: {
      beforeAttempt: (prepared, number) => void told.push(`before ${prepared.method} ${number}`),
      afterAttempt: ({ status }, number) => void told.push(`after ${status} ${number}`),
      beforeRetry: ({ status }) => void told.push(`retry ${status}`),
    },
  })
  await client.send({ method: 'GET', url: server.url })
  expect(told).toEqual(['before GET 1', 'after 500 1', 'retry 500', 'before GET 2', 'after 200 2'])
  const failing = createClient({
    hooks: {
      beforeAttempt: () => {
        throw new Error('hook')
      },
    },
  })
  expect((await caught(failing.send({ method: 'GET', url: server.url }))).code).toBe('EZ_SEND_FAILED')
})

test('the client’s scripts and signers stand around the template’s', async () => {
  const server = await startServer((_, response) => answer(response, 200))
  const client = createClient({ preRequest: [tokenScript(), stampSigner()] })
  const script = {
    specVersion: 1 as const,
    id: 'own',
    run: (request: { headers: { set(name: string, value: string): void } }) =>
      request.headers.set('x-own', '1'),
  }
  await client.send({ method: 'GET', url: server.url, preRequest: [script] })
  expect(server.received[0]?.headers).toMatchObject({ 'x-token': 'token-1', 'x-own': '1' })
  expect(server.received[0]?.headers['x-stamp']).toBeDefined()
  const other = { ...stampSigner(), id: 'other', writes: { headers: ['x-other'], query: [] } }
  const error = await caught(client.send({ method: 'GET', url: server.url, preRequest: [other, script] }))
  expect(error.code).toBe('EZ_STEP_ORDER')
})

const wrongOptions: readonly [string, object][] = [
  ['an unknown name', { retries: 3 }],
  ['a negative limit', { retry: { limit: -1 } }],
  ['a fraction of a retry', { retry: { limit: 1.5 } }],
  ['retry: true', { retry: true }],
  ['a time of nothing', { timeoutMs: 0 }],
  ['a rate limit without a limit', { rateLimit: {} }],
  ['a concurrency of nothing', { rateLimit: { concurrency: 0 } }],
  ['an unknown redirect', { redirect: 'always' }],
]

for (const [title, options] of wrongOptions)
  test(`options are checked when the client is created: ${title}`, () => {
    expect(() => createClient(options)).toThrowError(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })
