import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { type ClientOptions, createClient, signedFetch } from '../src/index.ts'
import { caught } from './support/caught.ts'
import { answer, startServer } from './support/server.ts'

test('a Request whose body cannot be read is a coded error, and an abort does not wait for it', async () => {
  const client = createClient()
  const used = new Request('http://127.0.0.1:9/', { method: 'POST', body: 'x' })
  await used.text()
  expect((await caught(client.send(used))).code).toBe('EZ_BODY_INVALID')
  const streaming = (body: ReadableStream): Request =>
    new Request('http://127.0.0.1:9/', { method: 'POST', body, duplex: 'half' } as RequestInit)
  const broken = new ReadableStream({ start: (controller) => controller.error(new Error('broken')) })
  expect((await caught(client.send(streaming(broken)))).code).toBe('EZ_BODY_INVALID')
  const endless = client.send(streaming(new ReadableStream({})), { signal: AbortSignal.timeout(10) })
  expect((await caught(endless)).code).toBe('EZ_ABORTED')
})

for (const name of ['beforeAttempt', 'afterAttempt', 'beforeRetry'] as const)
  test(`an abort does not wait for ${name}`, async () => {
    const server = await startServer((_, response) => answer(response, 503))
    const client = createClient({ hooks: { [name]: () => new Promise<void>(() => undefined) } })
    const error = await caught(
      client.send({ method: 'GET', url: server.url }, { signal: AbortSignal.timeout(50) }),
    )
    expect(error.code).toBe('EZ_ABORTED')
  })

test('many sends may share a signal without a warning, and leave no listener at it', async () => {
  const server = await startServer((_, response) => answer(response, 200))
  const controller = new AbortController()
  let most = 0
  const add = controller.signal.addEventListener.bind(controller.signal)
  controller.signal.addEventListener = (...parameters: Parameters<typeof add>): void => {
    most += 1
    add(...parameters)
  }
  const client = createClient({ rateLimit: { concurrency: 2 } })
  await Promise.all(
    Array.from({ length: 30 }, () =>
      client.send({ method: 'GET', url: server.url }, { signal: controller.signal }),
    ),
  )
  expect(most).toBe(0)
})

test('a time-out that nobody else holds comes after the memory was tidied, too', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const server = await startServer((_, response) => void response.writeHead(200).write('x'))
  const client = createClient({ bufferBytes: 0 })
  const template = { method: 'GET', url: server.url }
  // What sends is loaded first: that takes longer than the time-out.
  await (await client.send(template)).body?.cancel()
  const tidying = setInterval(collect, 10)
  try {
    const text = client.send(template, { signal: AbortSignal.timeout(5000) }).then((one) => one.text())
    expect((await caught(text)).code).toBe('EZ_ABORTED')
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 2000)
    const signed = signedFetch([])(server.url, { signal: controller.signal }).then((one) => one.text())
    await expect(signed).rejects.toThrow('aborted')
  } finally {
    clearInterval(tidying)
  }
})

test('a clock that throws is a coded error', async () => {
  const clock = (): Date => {
    throw new Error('no clock')
  }
  const error = await caught(createClient({ clock }).send({ method: 'GET', url: 'http://127.0.0.1:9/' }))
  expect(error.code).toBe('EZ_CLOCK_INVALID')
})

for (const options of [
  { hooks: { before: () => undefined } },
  { hooks: { beforeAttempt: 1 } },
  { telemetry: {} },
  { timers: {} },
  { signal: {} },
  { rateLimit: { concurrency: 1.5 } },
])
  test(`refuses ${JSON.stringify(options)}`, () => {
    expect(() => createClient(options as unknown as ClientOptions)).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
