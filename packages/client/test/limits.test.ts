import { expect, test } from 'vitest'
import { type ClientResponse, createClient, type Timers } from '../src/index.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('no more than the allowed number of requests is under way, by key', async () => {
  const active = new Map<string, number>()
  const most = new Map<string, number>()
  const server = await startServer(async (received, response) => {
    const account = received.headers['x-account'] as string
    const now = (active.get(account) ?? 0) + 1
    active.set(account, now)
    most.set(account, Math.max(most.get(account) ?? 0, now))
    await tick()
    await tick()
    active.set(account, (active.get(account) ?? 1) - 1)
    answer(response, 200)
  })
  const client = createClient({
    rateLimit: { key: ({ variables }) => String(variables.account), concurrency: 3 },
  })
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      client.send(
        { method: 'GET', url: server.url, headers: { 'x-account': '{{account}}' } },
        { variables: { account: `a${index % 2}` } },
      ),
    ),
  )
  expect(most.get('a0')).toBeLessThanOrEqual(3)
  expect(most.get('a1')).toBeLessThanOrEqual(3)
  expect(server.received).toHaveLength(60)
})

test('lanes take turns, so that a long one does not hold up a short one', async () => {
  const server = await startServer((_, response) => answer(response, 200))
  const client = createClient({ rateLimit: { concurrency: 1 } })
  const order: string[] = []
  const sendIn = (lane: string): Promise<unknown> =>
    client.send({ method: 'GET', url: server.url }, { lane }).then(() => order.push(lane))
  await Promise.all([
    ...Array.from({ length: 20 }, () => sendIn('long')),
    ...Array.from({ length: 3 }, () => sendIn('short')),
  ])
  expect(order.slice(0, 8).filter((lane) => lane === 'short')).toHaveLength(3)
})

test('a token bucket lets a burst through, then keeps the rate, and requests are signed when they go', async () => {
  const timers = new FakeTimers()
  const server = await startServer((_, response) => answer(response, 200))
  const client = createClient({
    timers,
    clock: () => new Date(timers.now()),
    rateLimit: { perSecond: 2, burst: 3 },
    preRequest: [stampSigner()],
  })
  await Promise.all(Array.from({ length: 7 }, () => client.send({ method: 'GET', url: server.url })))
  expect(timers.now()).toBe(2000)
  const stamps = server.received.map(({ headers }) => Date.parse(headers['x-stamp'] ?? ''))
  // Not one waited with its signature in hand.
  expect(stamps.sort((left, right) => left - right)).toEqual([0, 0, 0, 500, 1000, 1500, 2000])
})

test('the rate follows what the server grants, and a throttled key pauses for all', async () => {
  const timers = new FakeTimers()
  const server = await startServer((_, response, count) =>
    count === 1
      ? answer(response, 200, '', { 'x-amzn-RateLimit-Limit': '0.1' })
      : answer(response, count === 2 ? 429 : 200, '', { 'retry-after': '30' }),
  )
  const client = createClient({
    timers,
    random: () => 0,
    rateLimit: { key: () => 'orders', perSecond: 100, burst: 1 },
  })
  const template = { method: 'GET', url: server.url }
  await client.send(template)
  const before = timers.now()
  await client.send(template, { retry: false })
  expect(timers.now() - before).toBe(10_000)
  const throttled = timers.now()
  await client.send(template)
  expect(timers.now() - throttled).toBe(30_000)
})

test('an abort leaves the queue, and a failed send gives its place back', async () => {
  const server = await startServer(() => undefined)
  const client = createClient({ rateLimit: { concurrency: 1 } })
  const first = new AbortController()
  const second = new AbortController()
  const code = (pending: Promise<unknown>): Promise<unknown> =>
    pending.then(
      () => 'sent',
      (error: { code?: unknown }) => error.code,
    )
  const running = code(client.send({ method: 'GET', url: server.url }, { signal: first.signal }))
  const queued = code(client.send({ method: 'GET', url: server.url }, { signal: second.signal }))
  const third = code(client.send({ method: 'GET', url: '{{missing}}/' }))
  await tick()
  second.abort()
  expect(await queued).toBe('EZ_ABORTED')
  first.abort()
  expect(await running).toBe('EZ_ABORTED')
  expect(await third).toBe('EZ_VARIABLE_MISSING')
  const last = code(client.send({ method: 'GET', url: server.url }, { timeoutMs: 20, retry: false }))
  expect(await last).toBe('EZ_TIMEOUT')
})

test('a rate that the server raises wakes whoever waits, and is not taken for the rate of a host', async () => {
  const server = await startServer((_, response) =>
    answer(response, 200, '', { 'x-amzn-RateLimit-Limit': '1000' }),
  )
  const slow = { perSecond: 0.001, burst: 1 }
  const template = { method: 'GET', url: server.url }
  const learning = createClient({ rateLimit: { key: () => 'orders', ...slow } })
  await Promise.all([learning.send(template), learning.send(template), learning.send(template)])
  expect(server.received).toHaveLength(3)
  const byHost = createClient({ rateLimit: slow })
  const signal = AbortSignal.timeout(100)
  const results = await Promise.allSettled([byHost.send(template), byHost.send(template, { signal })])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('who waits for places does not use up tokens meanwhile, nor who waits for tokens places', async () => {
  const timers = new FakeTimers()
  const started: [string, number][] = []
  let release: (() => void) | undefined
  const first = new Promise<void>((resolve) => {
    release = resolve
  })
  const client = createClient({
    timers,
    rateLimit: [
      { key: ({ name }) => name, perSecond: 1, burst: 1 },
      { key: () => 'account', concurrency: 1 },
    ],
    fetch: async (url) => {
      started.push([String(url).slice(-1), timers.now()])
      if (started.length === 1) await first
      return new Response('')
    },
  })
  const send = (name: string): Promise<ClientResponse> =>
    client.send({ name, method: 'GET', url: `https://api.example.com/${name}` })
  const sends = [send('a'), send('a'), send('a'), send('b')]
  await tick()
  await timers.wait(10_000)
  release?.()
  await Promise.all(sends)
  // Ten seconds of waiting for a place have earned one token, not three; and b did not wait behind a.
  expect(started).toEqual([
    ['a', 0],
    ['a', 10_000],
    ['b', 10_000],
    ['a', 11_000],
  ])
})

test('no timer is left when nobody waits any more', async () => {
  const waiting = new Set<number>()
  const timers: Timers = {
    now: () => performance.now(),
    wait: (milliseconds, signal) => {
      waiting.add(milliseconds)
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          waiting.delete(milliseconds)
          reject(signal.reason)
        }),
      )
    },
  }
  const client = createClient({
    timers,
    rateLimit: { perSecond: 0.01, burst: 1 },
    fetch: async () => new Response(''),
  })
  const template = { method: 'GET', url: 'https://api.example.com/' }
  await client.send(template)
  const signal = AbortSignal.timeout(20)
  await Promise.allSettled([client.send(template, { signal }), client.send(template, { signal })])
  expect(waiting.size).toBe(0)
})

test('a host is known by the fixed part of a URL that a script completes', async () => {
  let active = 0
  let most = 0
  const client = createClient({
    preRequest: [{ specVersion: 1, id: 'key', run: (_, context) => context.publish('key', 'k') }],
    variables: { host: 'api.example.com' },
    rateLimit: { concurrency: 1 },
    fetch: async () => {
      active += 1
      most = Math.max(most, active)
      await tick()
      active -= 1
      return new Response('')
    },
  })
  const urls = ['https://{{host}}/?key={%key%}', 'https://api.example.com/', '{{scheme}}://{{host}}/{%key%}']
  await Promise.all(
    urls.map((url) => client.send({ method: 'GET', url }, { data: {}, variables: { scheme: 'https' } })),
  )
  expect(most).toBe(1)
})

test('what a host is made of is asked for once an attempt, so that the limit is that of the host which is called', async () => {
  const limited: unknown[] = []
  const sent: Request[] = []
  const calls = { nonce: 0, node: 0, deep: 0, listed: 0, data: 0, clock: 0 }
  const count = (name: keyof typeof calls) => (): string => `${name}${++calls[name]}`
  const holdsItself: Record<string, unknown> = { deep: async () => count('deep')() }
  holdsItself.self = holdsItself
  const client = createClient({
    nonce: count('nonce'),
    clock: () => new Date(Date.UTC(2026, 0) + 1000 * ++calls.clock),
    variables: { node: count('node'), holdsItself, list: [count('listed')] },
    data: { data: count('data') },
    rateLimit: {
      concurrency: 1,
      key: ({ host, variables }) => {
        limited.push([host, (variables.node as () => unknown)()])
        return host
      },
    },
    timers: new FakeTimers(),
    fetch: async (input, init) => {
      sent.push(new Request(input, init))
      return new Response('', { status: sent.length === 1 ? 503 : 200 })
    },
  })
  const url = 'https://{{node}}.{{holdsItself.self.deep}}.{{list[0]}}.example.com/{{data}}/{%nonce%}'
  await client.send({ method: 'GET', url, headers: { 'x-at': '{%timestamp%}' } })
  const host = (attempt: number): string => `node${attempt}.deep${attempt}.listed${attempt}.example.com`
  expect(limited).toEqual([1, 2].map((attempt) => [host(attempt), `node${attempt}`]))
  expect(sent.map(({ url }) => url)).toEqual(
    [1, 2].map((attempt) => `https://${host(attempt)}/data${attempt}/nonce${attempt}`),
  )
  // The clock was read once before, for the start of the send.
  expect(sent[0]?.headers.get('x-at')).toBe(String(Date.UTC(2026, 0) / 1000 + 2))
})

test('a rate by which each send would wait for hours is not learned', async () => {
  const server = await startServer((_, response) =>
    answer(response, 200, '', { 'x-amzn-RateLimit-Limit': '0.00001' }),
  )
  const client = createClient({ rateLimit: { key: () => 'orders', perSecond: 1000, burst: 1 } })
  for (let count = 0; count < 3; count += 1) await client.send({ method: 'GET', url: server.url })
  expect(server.received).toHaveLength(3)
})
