import { expect, test } from 'vitest'
import { attemptsOf, createClient } from '../src/index.ts'
import { answer, type LoopbackServer, startServer } from './support/server.ts'
import { stampSigner, tokenScript } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

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

test('a server whose clock is further off than a day is not followed, unless it is told so', async () => {
  const far = Date.UTC(2099, 0, 1)
  const server = await startServer((_, response) =>
    answer(response, 403, 'refused', { date: new Date(far).toUTCString() }),
  )
  const clock = (): Date => new Date(Date.UTC(2026, 0, 1))
  const client = createClient({ clock, preRequest: [stampSigner()] })
  const response = await client.send({ method: 'GET', url: server.url })
  expect([response.status, await response.text(), server.received.length]).toEqual([403, 'refused', 1])
  await client.send({ method: 'GET', url: server.url }, { maxClockOffsetMs: 100 * 366 * 86_400_000 })
  expect(server.received.at(-1)?.headers['x-stamp']).toBe(new Date(far).toISOString())
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

/** A server whose Date is an hour ahead of the clock that it verifies by. */
async function serverWithWrongDate(denied: (count: number) => number): Promise<LoopbackServer> {
  let refusals = 0
  return startServer(({ path, headers }, response) => {
    const date = { date: new Date(Date.now() + 3_600_000).toUTCString() }
    const late = Math.abs(Date.parse(headers['x-stamp'] ?? '') - Date.now()) > 300_000
    if (path === '/denied') answer(response, denied(++refusals), '', date)
    else answer(response, late ? 403 : 200, late ? 'skewed' : '', date)
  })
}

test('a wrong Date is not kept when the server was too busy to look at the signature', async () => {
  const server = await serverWithWrongDate((count) => (count === 2 ? 503 : 403))
  const client = createClient({ timers: new FakeTimers(), preRequest: [stampSigner()] })
  expect((await client.send({ method: 'GET', url: `${server.url}/denied` })).status).toBe(403)
  const response = await client.send({ method: 'GET', url: server.url })
  expect(attemptsOf(response).map(({ status }) => status)).toEqual([200])
})

test('an offset that was kept by mistake is given up when its clock is refused', async () => {
  const server = await serverWithWrongDate((count) => (count === 1 ? 403 : 200))
  const signer = stampSigner(({ body }) =>
    new TextDecoder().decode(body) === 'skewed' ? { cause: 'clock-skew', message: 'late' } : undefined,
  )
  const client = createClient({ preRequest: [signer] })
  expect((await client.send({ method: 'GET', url: `${server.url}/denied` })).status).toBe(200)
  for (const statuses of [[403, 200], [200]]) {
    const response = await client.send({ method: 'GET', url: server.url })
    expect(attemptsOf(response).map(({ status }) => status)).toEqual(statuses)
  }
})

test('once a clock is known to differ, variables and nonce are still asked for once an attempt', async () => {
  let signedBy = 0
  const server = await startServer(({ headers }, response) => {
    signedBy = Date.parse(headers['x-stamp'] ?? '')
    const wrong = Math.abs(signedBy - Date.now() - 3_600_000) > 60_000
    answer(response, wrong ? 403 : 200, '', { date: new Date(Date.now() + 3_600_000).toUTCString() })
  })
  let nodes = 0
  let nonces = 0
  const client = createClient({
    nonce: () => `nonce-${++nonces}`,
    variables: { url: () => `${server.url}/${++nodes}` },
    preRequest: [stampSigner()],
  })
  const template = { method: 'GET', url: '{{url}}' }
  for (let sends = 0; sends < 2; sends += 1) expect((await client.send(template)).status).toBe(200)
  expect(server.received.map(({ path, headers }) => [path, headers['x-nonce']])).toEqual(
    [1, 2, 3].map((attempt) => [`/${attempt}`, `nonce-${attempt}`]),
  )
})
