import { maskResponse, type PreRequestScript, secret, type TraceStep } from '@ez/core'
import { expect, test } from 'vitest'
import { attemptsOf, type ClientResponse, createClient, signedFetch } from '../src/index.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner, tokenScript } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

const secretHeaders = ['x-stamp', 'x-nonce', 'x-token', 'authorization', 'cookie', 'x-api-key']
const headers = { authorization: 'Bearer abc', cookie: 'a=1', 'x-api-key': 'key', accept: 'application/json' }

test('a redirect is an answer like any other, unless it is to be followed', async () => {
  const server = await startServer((_, response) => answer(response, 302, '', { location: '/there' }))
  const client = createClient()
  expect((await client.send({ method: 'GET', url: server.url })).status).toBe(302)
  await expect(client.send({ method: 'GET', url: server.url }, { redirect: 'error' })).rejects.toMatchObject({
    code: 'EZ_REDIRECTED',
  })
  await expect(client.send({ method: 'GET', url: server.url }, { redirect: 'follow' })).rejects.toMatchObject(
    {
      code: 'EZ_REDIRECTED',
    },
  )
})

test('on the same origin a redirect is signed anew', async () => {
  let nonce = 0
  const server = await startServer((received, response) =>
    received.path === '/there' ? answer(response, 200) : answer(response, 307, '', { location: '/there' }),
  )
  const client = createClient({
    redirect: 'follow',
    nonce: () => `nonce-${++nonce}`,
    preRequest: [tokenScript(), stampSigner()],
  })
  const response = await client.send({ method: 'POST', url: server.url, headers, body: { text: 'x' } })
  expect(response.url).toBe(`${server.url}/there`)
  const [first, second] = server.received
  expect(second).toMatchObject({ method: 'POST', path: '/there', body: 'x' })
  expect(second?.headers['x-nonce']).toBe('nonce-2')
  expect(first?.headers['x-nonce']).toBe('nonce-1')
  expect(second?.headers['x-token']).toBe('token-1')
  expect(attemptsOf(response).map(({ status }) => status)).toEqual([307, 200])
})

for (const through of ['client', 'signedFetch'] as const)
  test(`to another host goes no signature and no secret, and none from there on: ${through}`, async () => {
    const other = await startServer((received, response) =>
      received.path === '/back'
        ? answer(response, 302, '', { location: '/again' })
        : received.path === '/again'
          ? answer(response, 302, '', { location: `${server.url}/end` })
          : answer(response, 200, 'other'),
    )
    const server = await startServer((received, response) =>
      received.path === '/end'
        ? answer(response, 200, 'end')
        : answer(response, received.method === 'POST' ? 307 : 302, '', {
            location: `${other.url}${received.path}`,
          }),
    )
    const steps = [tokenScript(), stampSigner()]
    const client = createClient({ redirect: 'follow', preRequest: steps })
    const fetchSigned = signedFetch(steps)
    const send = (method: string, path: string): Promise<Response | ClientResponse> =>
      through === 'client'
        ? client.send({ method, url: server.url + path, headers })
        : fetchSigned(server.url + path, {
            method,
            headers,
            ...(method === 'POST' ? { body: 'secret' } : {}),
          })

    expect(await (await send('GET', '/plain')).text()).toBe('other')
    expect(await (await send('GET', '/back')).text()).toBe('end')
    for (const { headers: seen } of [
      ...other.received,
      ...server.received.filter(({ path }) => path === '/end'),
    ]) {
      for (const name of secretHeaders) expect(seen[name]).toBeUndefined()
      expect(seen.accept).toBe('application/json')
    }
    expect(server.received[0]?.headers['x-stamp']).toBeDefined()

    const before = other.received.length
    if (through === 'signedFetch') {
      // A body would tell another host as much as a header.
      expect((await send('POST', '/post')).status).toBe(307)
      expect(other.received).toHaveLength(before)
    }
  })

test('what scripts and lazy variables kept secret stays secret after a redirect, on whatever origin', async () => {
  const secrets = ['lazy-secret-abcdef', 'script-token-abcdef']
  const quoted = `?quoted=${secrets.join()}`
  const other = await startServer((_, response) => answer(response, 200))
  const server = await startServer(({ path }, response) =>
    answer(response, 307, '', { location: path === '/' ? `/b${quoted}` : `${other.url}/c${quoted}` }),
  )
  const script: PreRequestScript = {
    specVersion: 1,
    id: 'script',
    run: ({ headers }) => {
      headers.set('x-api-key', secret('script-token-abcdef'))
    },
  }
  const told: TraceStep[] = []
  const variables = { lazy: async () => secret('lazy-secret-abcdef') }
  const client = createClient({ redirect: 'follow', variables, log: (entry) => told.push(entry) })
  const template = { method: 'GET', url: `${server.url}/`, headers: { 'x-lazy': '{{lazy}}' } }
  const attempts = attemptsOf(await client.send({ ...template, preRequest: [script] }))
  expect(attempts.map(({ status }) => status)).toEqual([307, 307, 200])
  expect(server.received[1]?.headers).toMatchObject({ 'x-lazy': secrets[0], 'x-api-key': secrets[1] })

  const shown = attempts.map(({ prepared }) => [
    prepared,
    prepared.toCurl({ mask: true }),
    prepared.trace,
    maskResponse({ status: 200, headers: [['x-echo', secrets.join()]], body: new Uint8Array() }, prepared),
  ])
  for (const value of secrets) expect(JSON.stringify([shown, told])).not.toContain(value)
})

test('allowedHosts bounds redirects too', async () => {
  const other = await startServer((_, response) => answer(response, 200))
  const server = await startServer((_, response) => answer(response, 302, '', { location: other.url }))
  const client = createClient({ redirect: 'follow', allowedHosts: [server.host] })
  await expect(client.send({ method: 'GET', url: server.url })).rejects.toMatchObject({
    code: 'EZ_HOST_NOT_ALLOWED',
  })
  expect(other.received).toHaveLength(0)
})

for (const [status, then] of [
  [303, 503],
  [303, 429],
  [302, 503],
  [303, 401],
] as const)
  test(`a POST that was done before a ${status} is not sent again for the ${then} after it`, async () => {
    const server = await startServer(({ path }, response) =>
      path === '/pay' ? answer(response, status, '', { location: '/receipt' }) : answer(response, then),
    )
    const client = createClient({
      redirect: 'follow',
      timers: new FakeTimers(),
      preRequest: [tokenScript(), stampSigner()],
    })
    const post = { method: 'POST', url: `${server.url}/pay`, body: { json: 1 } }
    const response = await client.send(post)
    expect(response.status).toBe(then)
    expect(server.received.map(({ method }) => method)).toEqual(['POST', 'GET'])
    await client.send({ ...post, headers: { 'idempotency-key': '{%uuid%}' } }, { retry: { limit: 1 } })
    expect(server.received.filter(({ method }) => method === 'POST')).toHaveLength(3)
  })

test('what another origin says after a redirect changes neither clock nor token', async () => {
  const elsewhere = await startServer((_, response) =>
    answer(response, 401, '', { date: new Date(Date.now() + 3_600_000).toUTCString() }),
  )
  const server = await startServer((_, response) =>
    answer(response, 302, '', { location: `${elsewhere.url}/file` }),
  )
  const script = tokenScript(({ status }) =>
    status === 401 ? { cause: 'token-expired', message: 'expired' } : undefined,
  )
  const client = createClient({ redirect: 'follow', preRequest: [script, stampSigner()] })
  const response = await client.send({ method: 'GET', url: server.url })
  expect(response.status).toBe(401)
  expect(attemptsOf(response).map(({ status, diagnosis }) => [status, diagnosis])).toEqual([
    [302, undefined],
    [401, undefined],
  ])
  expect(script.fetched).toBe(1)
})
