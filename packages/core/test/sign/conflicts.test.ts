import { describe, expect, test } from 'vitest'
import { prepare, type RequestTemplate, replacing, type Signer, signRequest } from '../../src/index.ts'
import { apiKey, basicAuth, bearer, hmacSignature } from '../../src/steps/index.ts'
import { errorOf, headerSigner } from '../support/support.ts'

const url = 'https://api.example.com/'

/** Covers every header, as AWS's scheme may. */
const coversAll: Signer = {
  specVersion: 1,
  id: 'covers-all',
  writes: { headers: ['x-sig'], query: [] },
  sign: ({ headers }) => ({
    patch: { headers: { 'x-sig': headers.map((pair) => pair.join('=')).join('&') || '-' }, query: [] },
    trace: [],
  }),
}

/** Encodes the body, and says so in a header that may stand there already. */
const encoder = (writes: Partial<Signer['writes']> = {}, id = 'encoder'): Signer => ({
  specVersion: 1,
  id,
  writes: { headers: [], query: [], amends: ['Content-Encoding'], ...writes },
  sign: ({ headers }) => ({
    patch: {
      headers: {
        'content-encoding': [
          ...headers.filter(([name]) => name === 'content-encoding').map(([, value]) => value),
          id,
        ].join(','),
      },
      query: [],
    },
    trace: [],
  }),
})

const send = (steps: Signer[], template: Partial<RequestTemplate> = {}) =>
  prepare({ method: 'POST', url, ...template, preRequest: steps })

describe('a signer before another', () => {
  const both = (value: string) => [coversAll, apiKey({ name: 'X-Key', value })]

  test('covers nothing that the later one replaces: a request that is signed again', async () => {
    const once = await signRequest({ method: 'GET', url }, both('first-key'))
    const twice = await signRequest(once, both('second-key'))
    expect(twice.headers).toEqual([
      ['x-sig', '-'],
      ['x-key', 'second-key'],
    ])
  })

  test('covers nothing that the later one replaces: a placeholder in the template', async () => {
    for (const later of [apiKey({ name: 'x-key', value: 'key' }), replacing(headerSigner('x-key', 'key'))]) {
      const { headers } = await send([coversAll, later], { headers: { 'x-key': 'placeholder', 'x-a': 'b' } })
      expect(headers.find(([name]) => name === 'x-sig')?.[1]).toBe('x-a=b')
    }
  })
})

describe('a header that a signer amends', () => {
  const headers = { 'Content-Encoding': 'gzip' }

  test('may be declared in any case', async () => {
    expect((await send([encoder()], { headers })).headers).toEqual([['content-encoding', 'gzip,encoder']])
  })

  test.each<[string, Signer[], string]>([
    ['another wrote it', [encoder({}, 'first'), encoder()], 'the header content-encoding, which first may have signed or written'],
    ['another may have signed it', [coversAll, encoder()], 'the header content-encoding, which covers-all may have signed or written'],
  ])('is a conflict when %s', async (_, steps, message) => {
    const error = await errorOf(send(steps, { headers }))
    expect(error.code).toBe('EZ_WRITE_CONFLICT')
    expect(error.message).toContain(message)
  }) // biome-ignore format: a table

  test('is none when there is no such header, when none has signed, and when it may be replaced', async () => {
    await send([coversAll, encoder()])
    const steps = [bearer({ token: 'example-token' }), encoder()]
    expect((await send(steps, { headers })).headers).toContainEqual(['content-encoding', 'gzip,encoder'])
    await send([coversAll, replacing(encoder())], { headers })
  })
})

describe('the query', () => {
  const inQuery = (name: string) => apiKey({ name, value: `${name}-example`, placement: 'query' })

  test('takes a key after steps that sign nothing', async () => {
    for (const first of [
      inQuery('key'),
      bearer({ token: 'example-token' }),
      replacing(basicAuth({ username: 'user', password: 'example-password' })),
    ]) {
      const once = await send([first, inQuery('token')])
      expect(once.url).toMatch(/[?&]token=token-example$/)
      expect((await signRequest(once, [first, inQuery('token')])).url).toBe(once.url)
    }
  })

  test.each<[string, Signer[], RegExp]>([
    [
      'after a signature',
      [hmacSignature({ key: 'k', header: 'x-sig', compose: ({ url: signed }) => signed }), inQuery('key')],
      /^api-key: it writes the query, which hmac-signature may have signed or written\. Put it before hmac-signature/,
    ],
    [
      'of the same name',
      [inQuery('key'), inQuery('key')],
      /^api-key: it writes the query, which api-key may have signed or written\./,
    ],
  ])('takes no key %s', async (_, steps, message) => {
    const error = await errorOf(send(steps))
    expect(error.code).toBe('EZ_WRITE_CONFLICT')
    expect(error.message).toMatch(message)
  })
})

test('a conflict is told of the signer that wrote last', async () => {
  const steps = [coversAll, headerSigner('x-a', 'b', 'first'), headerSigner('x-a', 'c', 'second')]
  expect((await errorOf(send(steps))).message).toContain('second: it writes the header x-a, which first')
})

test('the body takes no change after a signature', async () => {
  const error = await errorOf(send([coversAll, encoder({ body: true })]))
  expect(error.message).toContain('the body, which covers-all may have signed or written')
})
