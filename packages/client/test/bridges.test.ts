import { awsSigV4 } from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { type EzError, signRequest } from '@ez/core'
import axios, { AxiosHeaders } from 'axios'
import got from 'got'
import ky from 'ky'
import createOpenApi from 'openapi-fetch'
import { request as undiciRequest } from 'undici'
import { expect, test } from 'vitest'
import { signedFetch } from '../src/index.ts'
import { answer, type LoopbackServer, startServer } from './support/server.ts'

// AWS's published example credentials.
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const signer = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })

/** A clock that is a second later at every look, so that two signatures are never the same. */
function ticking(): () => Date {
  let seconds = 0
  return () => new Date(Date.now() + 1000 * seconds++)
}

/** Answers 503 first, then what the signature is worth. */
async function startVerifier(): Promise<LoopbackServer & { readonly verdicts: string[] }> {
  const verdicts: string[] = []
  const server = await startServer(async (received, response, count) => {
    const verdict = await verifyAwsSigV4(
      new Request(`http://${received.headers.host}${received.path}`, {
        method: received.method,
        headers: received.headers,
        ...(received.body === '' ? {} : { body: received.body }),
      }),
      { secretFor: () => credentials.secretAccessKey },
    ).then(
      () => 'right',
      (error: EzError) => error.code,
    )
    verdicts.push(verdict)
    answer(response, count === 1 ? 503 : verdict === 'right' ? 200 : 403, { verdict })
  })
  return Object.assign(server, { verdicts })
}

const path = "/orders/a%20b?limit=10&name=M%C3%BCller&x=it's"
const body = { text: 'größer', list: [1, 2] }

function expectSignedAnew(server: Awaited<ReturnType<typeof startVerifier>>, times: number): void {
  expect(server.verdicts).toEqual(Array.from({ length: times }, () => 'right'))
  expect(new Set(server.received.map(({ headers }) => headers.authorization)).size).toBe(times)
}

test('ky: each retry calls the fetch again, and so is signed anew', async () => {
  const server = await startVerifier()
  const api = ky.create({
    fetch: signedFetch(signer, { clock: ticking() }),
    retry: { limit: 2, methods: ['put'], delay: () => 1 },
  })
  expect(await api.put(server.url + path, { json: body }).json()).toEqual({ verdict: 'right' })
  expectSignedAnew(server, 2)
  expect(JSON.parse(server.received[1]?.body ?? '')).toEqual(body)
})

test('axios: its fetch adapter takes our fetch', async () => {
  const server = await startVerifier()
  const api = axios.create({
    adapter: 'fetch',
    env: { fetch: signedFetch(signer, { clock: ticking() }) },
    validateStatus: null,
  })
  expect((await api.put(server.url + path, body)).status).toBe(503)
  expect((await api.put(server.url + path, body)).data).toEqual({ verdict: 'right' })
  expectSignedAnew(server, 2)
})

test('axios with its Node adapter: an adapter of one’s own signs what axios made', async () => {
  const server = await startVerifier()
  const clock = ticking()
  const send = axios.getAdapter('http')
  const api = axios.create({
    validateStatus: null,
    // The adapter comes after transformRequest: the body is what will be sent.
    adapter: async (config) => {
      const prepared = await signRequest(
        {
          method: (config.method ?? 'get').toUpperCase(),
          url: axios.getUri(config),
          headers: Object.entries(AxiosHeaders.from(config.headers).toJSON(true)).map(
            ([name, value]) => [name, String(value)] as const,
          ),
          body: typeof config.data === 'string' ? config.data : null,
        },
        [signer],
        { clock },
      )
      return send({
        ...config,
        url: prepared.url,
        params: undefined,
        headers: AxiosHeaders.from(Object.fromEntries(prepared.headers)),
      } as typeof config)
    },
  })
  const params = { page: 2, q: 'a b' }
  expect((await api.put(server.url + path, body, { params })).status).toBe(503)
  expect((await api.put(server.url + path, body, { params })).data).toEqual({ verdict: 'right' })
  expectSignedAnew(server, 2)
})

test('got: beforeRequest runs again for every retry', async () => {
  const server = await startVerifier()
  const clock = ticking()
  const api = got.extend({
    retry: { limit: 1, backoffLimit: 1 },
    hooks: {
      beforeRequest: [
        async (options) => {
          const prepared = await signRequest(
            {
              method: options.method,
              url: String(options.url),
              headers: Object.entries(options.headers).flatMap(([name, value]) =>
                value === undefined ? [] : [[name, String(value)] as const],
              ),
              body: typeof options.body === 'string' ? options.body : null,
            },
            [signer],
            { clock },
          )
          options.url = new URL(prepared.url)
          options.headers = Object.fromEntries(prepared.headers)
        },
      ],
    },
  })
  expect(await api.put(server.url + path, { json: body }).json()).toEqual({ verdict: 'right' })
  expectSignedAnew(server, 2)
})

test('undici: request takes the parts of a prepared request', async () => {
  const server = await startVerifier()
  const clock = ticking()
  for (const status of [503, 200]) {
    const prepared = await signRequest(
      {
        method: 'PUT',
        url: server.url + path,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
      [signer],
      { clock },
    )
    const response = await undiciRequest(prepared.url, {
      method: 'PUT',
      headers: Object.fromEntries(prepared.headers),
      body: prepared.body as Uint8Array,
    })
    expect(response.statusCode).toBe(status)
    await response.body.dump()
  }
  expectSignedAnew(server, 2)
})

test('openapi-fetch: takes our fetch', async () => {
  interface Paths {
    '/orders/{id}': {
      put: {
        parameters: { path: { id: string }; query: { limit: number } }
        requestBody: { content: { 'application/json': typeof body } }
        responses: { 200: { content: { 'application/json': { verdict: string } } } }
      }
    }
  }
  const server = await startVerifier()
  const api = createOpenApi<Paths>({ baseUrl: server.url, fetch: signedFetch(signer, { clock: ticking() }) })
  const call = () => api.PUT('/orders/{id}', { params: { path: { id: 'a b' }, query: { limit: 10 } }, body })
  expect((await call()).response.status).toBe(503)
  expect((await call()).data).toEqual({ verdict: 'right' })
  expectSignedAnew(server, 2)
})

test('signedFetch is a fetch: Request, FormData, URLSearchParams, abort', async () => {
  const server = await startVerifier()
  const signed = signedFetch([signer], { clock: ticking() })
  await signed(server.url)
  const form = new FormData()
  form.set('file', new File(['größer'], 'a b.txt'))
  const inputs: [RequestInfo | URL, RequestInit?][] = [
    [new URL(server.url)],
    [new Request(server.url, { method: 'POST', body: form })],
    [server.url, { method: 'POST', body: new URLSearchParams({ a: 'ü b' }) }],
    [server.url, { method: 'PUT', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit],
  ]
  for (const [input, init] of inputs) expect((await signed(input, init)).status).toBe(200)
  expectSignedAnew(server, 5)
  const controller = new AbortController()
  controller.abort()
  await expect(signed(server.url, { signal: controller.signal })).rejects.toThrow()
})
