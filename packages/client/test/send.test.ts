import { secret } from '@ez/core'
import { expect, test } from 'vitest'
import { attemptsOf, createClient } from '../src/index.ts'
import { caught } from './support/caught.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner, tokenScript } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

test('sends a template and resolves to an answer, whatever the status', async () => {
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

test('a Request is sent as it stands, signed anew at every attempt: nothing in it is a token', async () => {
  const server = await startServer((_, response, count) => answer(response, count === 1 ? 503 : 200))
  let nonce = 0
  const client = createClient({
    timers: new FakeTimers(),
    nonce: () => `nonce-${++nonce}`,
    variables: { a: 'x' },
    rateLimit: { concurrency: 1 },
    preRequest: [stampSigner()],
  })
  const body = '{"text":"{{a}} {%uuid%}"}'
  const request = new Request(`${server.url}/%7B%7Ba%7D%7D`, {
    method: 'PUT',
    headers: { 'x-raw': '{{a}}' },
    body,
  })
  const response = await client.send(request)
  expect(attemptsOf(response).map(({ status }) => status)).toEqual([503, 200])
  for (const [index, received] of server.received.entries()) {
    expect(received).toMatchObject({ path: '/%7B%7Ba%7D%7D', body })
    expect(received.headers).toMatchObject({ 'x-raw': '{{a}}', 'x-nonce': `nonce-${index + 1}` })
  }
  const controller = new AbortController()
  controller.abort()
  const aborted = client.send(new Request(server.url, { signal: controller.signal }))
  await expect(aborted).rejects.toMatchObject({ code: 'EZ_ABORTED' })
  const nothing = client.send(undefined as unknown as Request)
  await expect(nothing).rejects.toMatchObject({ code: 'EZ_TEMPLATE_INVALID' })
})
