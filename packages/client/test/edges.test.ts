import { secret } from '@ez/core'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { attemptsOf, createClient, signedFetch } from '../src/index.ts'
import { caught } from './support/caught.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

for (const status of [200, 201, 204, 205, 206, 300, 304, 400, 418, 451, 499, 501, 511, 599, 600, 777, 999])
  test(`status ${status} is an answer`, async () => {
    const server = await startServer((_, response) => answer(response, status))
    const client = createClient({ retry: { limit: 0 } })
    for (const method of ['GET', 'HEAD', 'POST']) {
      const response = await client.send({ method, url: server.url })
      expect(response.status).toBe(status)
      expect(await response.text()).toBe('')
    }
  })

test('one signal for many sends leaves no listener behind and warns of none', async () => {
  const warnings: string[] = []
  const note = (warning: Error): void => void warnings.push(warning.name)
  process.on('warning', note)
  onTestFinished(() => void process.off('warning', note))
  const server = await startServer((_, response) => answer(response, 200, 'x'.repeat(100)))
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...parameters: Parameters<typeof addEventListener>) => {
    listeners += 1
    addEventListener.apply(signal, parameters)
  }
  signal.removeEventListener = (...parameters: Parameters<typeof removeEventListener>) => {
    listeners -= 1
    removeEventListener.apply(signal, parameters)
  }
  const client = createClient({ signal, preRequest: [stampSigner()], rateLimit: { concurrency: 20 } })
  await Promise.all(
    Array.from({ length: 100 }, async () => (await client.send({ method: 'GET', url: server.url })).text()),
  )
  await new Promise((resolve) => setImmediate(resolve))
  expect(listeners).toBe(0)
  expect(warnings).toEqual([])
})

test('what a fetch says of its failure is masked', async () => {
  const key = 'example-key-123456'
  const client = createClient({
    retry: false,
    variables: { key: secret(key) },
    fetch: async (input) => {
      throw Object.assign(
        new TypeError(`request to ${String(input)} failed`, { cause: new Error(`for ${key}`) }),
        {
          code: 'ECONNRESET',
        },
      )
    },
  })
  const error = await caught(
    client.send({ method: 'GET', url: 'https://api.example.com/', query: { key: '{{key}}' } }),
  )
  expect(error).toMatchObject({ code: 'EZ_NETWORK', details: { system: 'ECONNRESET' } })
  const { cause } = error as { cause: Error }
  expect(cause.message).toBe('request to https://api.example.com/?key=*** failed')
  expect([error.message, error.stack, cause.stack, (cause.cause as Error).message].join()).not.toContain(key)
})

for (const [code, options, answered] of [
  ['EZ_NETWORK', {}, () => Promise.reject(new TypeError('failed'))],
  ['EZ_TIMEOUT', { timeoutMs: 1 }, () => new Promise<never>(() => undefined)],
  [
    'EZ_REDIRECTED',
    { redirect: 'error' },
    async () => new Response(null, { status: 302, headers: { location: '/there' } }),
  ],
  ['EZ_HTTP_STATUS', { throwOnError: true }, async () => new Response(null, { status: 404 })],
  [
    'EZ_HOST_NOT_ALLOWED',
    {},
    async () => new Response('[]', { headers: { link: '<http://tenant-4711.example.com/>; rel="next"' } }),
  ],
] as const)
  test(`a host that is secret stays so in the message of ${code}`, async () => {
    const variables = { host: secret('tenant-4711.example.com') }
    const client = createClient({ retry: false, variables, fetch: answered, ...options })
    const template = { method: 'GET', url: 'https://{{host}}:8443/orders' }
    const pages = client.paginate(template, { style: 'next-link' })
    const failing =
      code === 'EZ_HOST_NOT_ALLOWED' ? pages.next().then(() => pages.next()) : client.send(template)
    const error = await caught(failing)
    expect(error).toMatchObject({ code, message: expect.stringContaining('***') })
    expect(error.message).not.toMatch(/tenant|4711|orders/)
  })

test('a fetch that knows no signal is left behind in time, and its late answer ended', async () => {
  const ended: unknown[] = []
  let release = (): void => undefined
  const client = createClient({
    retry: false,
    timeoutMs: 10,
    fetch: () =>
      new Promise((resolve) => {
        release = () =>
          resolve(
            new Response(
              new ReadableStream({ cancel: (reason) => void ended.push(reason) }, { highWaterMark: 0 }),
            ),
          )
      }),
  })
  expect((await caught(client.send({ method: 'GET', url: 'https://api.example.com/' }))).code).toBe(
    'EZ_TIMEOUT',
  )
  release()
  await new Promise((resolve) => setImmediate(resolve))
  expect(ended).toHaveLength(1)
})

test('a fetch that throws at once, or answers with nothing, is a coded error', async () => {
  const throwing = createClient({
    retry: false,
    fetch: () => {
      throw new Error('no')
    },
  })
  expect((await caught(throwing.send({ method: 'GET', url: 'https://api.example.com/' }))).code).toBe(
    'EZ_NETWORK',
  )
  const empty = createClient({ retry: false, fetch: (async () => undefined) as unknown as typeof fetch })
  const error = await caught(empty.send({ method: 'GET', url: 'https://api.example.com/' }))
  expect(error.code).toBe('EZ_SEND_FAILED')
})

test('a server that asks for an hour does not hold up the others', async () => {
  const timers = new FakeTimers()
  const server = await startServer((_, response) => answer(response, 429, '', { 'retry-after': '3600' }))
  const client = createClient({ timers, rateLimit: { concurrency: 2 } })
  for (let index = 0; index < 3; index += 1)
    expect((await client.send({ method: 'GET', url: server.url })).status).toBe(429)
  expect(timers.now()).toBe(0)
})

test('a half answer tells the status that it had', async () => {
  const server = await startServer((_, response) => {
    response.writeHead(206, { 'content-length': '10' })
    response.write('half')
    setImmediate(() => response.destroy())
  })
  const error = await caught(createClient({ retry: false }).send({ method: 'GET', url: server.url }))
  expect(error.details).toMatchObject({ status: 206 })
  expect(attemptsOf(error)[0]).toMatchObject({ status: 206, error: { code: 'EZ_RESPONSE_INCOMPLETE' } })
})

test('bytes arrive as they were sent, however they are cut', async () => {
  let parts: Uint8Array[] = []
  const server = await startServer(async (_, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    for (const part of parts) {
      response.write(part)
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end()
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 5 }),
      fc.integer({ min: 0, max: 600 }),
      async (sent, bufferBytes) => {
        parts = sent
        const response = await createClient({ bufferBytes }).send({ method: 'GET', url: server.url })
        expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.concat(sent))).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})

test('an event stream is passed on as it comes', async () => {
  const server = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  })
  const response = await createClient().send({ method: 'GET', url: server.url })
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const { value } = await reader.read()
  expect(new TextDecoder().decode(value)).toBe('data: 1\n\n')
  await reader.cancel()
})

test('a template that a client sends is not changed, nor the options', async () => {
  const server = await startServer((_, response, count) => answer(response, count === 1 ? 503 : 200))
  const deepFreeze = <Value>(value: Value): Value => {
    if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) deepFreeze(item)
    return Object.freeze(value)
  }
  const template = deepFreeze({
    method: 'PUT',
    url: server.url,
    query: { a: '{{a}}' },
    headers: { x: '1' },
    body: { json: { a: ['{{a}}'] } },
  })
  const client = createClient(
    Object.freeze({ timers: new FakeTimers(), variables: { a: 1 }, retry: { limit: 1 } }),
  )
  expect((await client.send(template, deepFreeze({ data: { b: 2 } }))).status).toBe(200)
})

test('signedFetch masks nothing that the caller gave, and hides no failure', async () => {
  const failing = signedFetch(stampSigner(), {
    fetch: async () => {
      throw new TypeError('fetch failed')
    },
  })
  await expect(failing('https://api.example.com/')).rejects.toThrow('fetch failed')
  const broken = signedFetch({
    ...stampSigner(),
    sign: () => {
      throw new Error('no key')
    },
  })
  await expect(broken('https://api.example.com/')).rejects.toMatchObject({ code: 'EZ_SIGNER_FAILED' })
})

test.each([
  ['a Response', () => new Response('x')],
  ['a Blob', () => new Blob(['x'])],
  ['a list', () => []],
])('%s is no request: a coded error, nothing sent', async (_, make) => {
  const error = await caught(createClient().send(make() as never))
  expect(error.code).toBe('EZ_TEMPLATE_INVALID')
})
