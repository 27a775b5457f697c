import { expect, test } from 'vitest'
import { attemptsOf, createClient } from '../src/index.ts'
import { caught } from './support/caught.ts'
import { answer, closedServer, startServer } from './support/server.ts'
import { FakeTimers } from './support/timers.ts'

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

test('an abort, and a silence, in the middle of a stream are coded errors for the reader', async () => {
  const server = await startServer((_, response) => {
    response.writeHead(200)
    response.write('x'.repeat(5000))
  })
  const client = createClient({ bufferBytes: 1000 })
  const controller = new AbortController()
  const streamed = await client.send({ method: 'GET', url: server.url }, { signal: controller.signal })
  const reading = caught(streamed.text())
  controller.abort()
  expect((await reading).code).toBe('EZ_ABORTED')
  const silent = client.send({ method: 'GET', url: server.url }, { timeoutMs: 50 }).then((one) => one.text())
  expect((await caught(silent)).code).toBe('EZ_TIMEOUT')
})
