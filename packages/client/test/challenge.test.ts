import { type PreRequestScript, secret } from '@ez/core'
import { expect, test } from 'vitest'
import { attemptsOf, createClient, signedFetch } from '../src/index.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner } from './support/signers.ts'

/** Learns a nonce from a refusal, and sends it from then on. */
function nonceScript(wants: (status: number) => boolean = (status) => status === 401): PreRequestScript {
  let nonce = ''
  return {
    specVersion: 1,
    id: 'nonce',
    run: (request) => {
      if (nonce !== '') request.headers.set('x-learned', secret(nonce))
    },
    challenge: ({ status, headers, body }) => {
      nonce = headers.find(([name]) => name === 'x-next')?.[1] ?? nonce
      return wants(status) && new TextDecoder().decode(body) === 'stale'
    },
  }
}

const startNonceServer = () =>
  startServer((received, response) =>
    received.headers['x-learned'] === 'example-nonce-1'
      ? answer(response, 200, received.body, { 'x-next': 'example-nonce-1' })
      : answer(response, 401, 'stale', { 'x-next': 'example-nonce-1' }),
  )

test('a step that learned from a refusal gets one more attempt, prepared and signed anew', async () => {
  const server = await startNonceServer()
  const client = createClient({ retry: false, preRequest: [nonceScript(), stampSigner()] })
  const template = { method: 'POST', url: server.url, body: { text: 'order' } }
  const response = await client.send(template)
  expect([response.status, await response.text()]).toEqual([200, 'order'])
  expect(attemptsOf(response).map(({ status }) => status)).toEqual([401, 200])
  const stamps = server.received.map(({ headers }) => headers['x-stamp'])
  expect(stamps[0]).not.toBe(stamps[1])
  // What was learned serves the next send.
  expect(attemptsOf(await client.send(template))).toHaveLength(1)
})

test('it is asked once a send, so that a server that is never content ends it', async () => {
  const server = await startServer((_, response) => answer(response, 401, 'stale'))
  const client = createClient({ retry: false, preRequest: [nonceScript()] })
  const response = await client.send({ method: 'GET', url: server.url })
  expect(response.status).toBe(401)
  expect(server.received).toHaveLength(2)
})

test('an answer that is no challenge stays as it is, unread', async () => {
  const server = await startServer((_, response) => answer(response, 200, 'stale'))
  const steps = [nonceScript()]
  const response = await createClient({ preRequest: steps }).send({ method: 'GET', url: server.url })
  expect(await response.text()).toBe('stale')
  expect(await (await signedFetch(steps)(server.url)).text()).toBe('stale')
  expect(server.received).toHaveLength(2)
})

test('signedFetch honours a challenge too, with the body that was given', async () => {
  const server = await startNonceServer()
  const response = await signedFetch([nonceScript(), stampSigner()])(server.url, {
    method: 'POST',
    body: 'order',
  })
  expect([response.status, await response.text()]).toEqual([200, 'order'])
  expect(server.received.map(({ body }) => body)).toEqual(['order', 'order'])
})
