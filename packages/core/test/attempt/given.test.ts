import { describe, expect, test, vi } from 'vitest'
import { type PrepareContext, prepare, type RequestTemplate } from '../../src/index.ts'
import { errorOf, script } from '../support/support.ts'

const url = 'https://api.example.com/'
const get: RequestTemplate = { method: 'GET', url }
const later = Promise.resolve('token')

describe('a promise is no value', () => {
  const header: RequestTemplate = { ...get, headers: { authorization: 'Bearer {%token%}' } }
  test.each<[string, RequestTemplate, PrepareContext, string]>([
    ['a variable', { ...get, headers: { a: '{{t}}' } }, { variables: { t: later } }, 'headers.a'],
    ['data', { ...get, query: { a: '{{t}}' } }, { data: { t: later } }, 'query.a'],
    ['an output', header, { outputs: { token: later } }, 'headers.authorization'],
    ['a template', { method: 'POST', url, body: { json: { a: [later] } } }, {}, 'body.json.a[0]'],
    [
      'a published value',
      { ...header, preRequest: [script((_, context) => context.publish('token', { value: later }))] },
      {},
      '{%token%}.value',
    ],
    [
      'a body that a script sets',
      { method: 'POST', url, preRequest: [script((request) => request.setBody({ json: { t: later } }))] },
      {},
      'body.json.t',
    ],
  ])('%s', async (_, template, context, place) => {
    const error = await errorOf(prepare(template, context))
    expect(error.code).toBe('EZ_BODY_INVALID')
    expect(error.message).toContain(`${place}: the value is a promise: await it`)
  })

  test('nor is an ArrayBuffer', async () => {
    const error = await errorOf(prepare({ method: 'POST', url, body: { json: [new ArrayBuffer(2)] } }))
    expect([error.code, error.message]).toEqual([
      'EZ_BODY_INVALID',
      'body.json[0]: the value is a ArrayBuffer. JSON cannot hold it.',
    ])
  })
})

describe('a function of the context that gives nothing usable', () => {
  const broken = (): never => {
    throw new Error('broken')
  }
  test.each<[string, object, string]>([
    ['a clock of undefined', { clock: () => undefined }, 'EZ_CLOCK_INVALID'],
    ['a clock of null', { clock: () => null }, 'EZ_CLOCK_INVALID'],
    ['a clock that throws', { clock: broken }, 'EZ_CLOCK_INVALID'],
    ['a clock that is no function', { clock: new Date() }, 'EZ_CLOCK_INVALID'],
    ['a uuid of undefined', { uuid: () => undefined }, 'EZ_OPTION_INVALID'],
    ['an empty uuid', { uuid: () => '' }, 'EZ_OPTION_INVALID'],
    ['an asynchronous uuid', { uuid: async () => 'u' }, 'EZ_OPTION_INVALID'],
    ['an asynchronous nonce', { nonce: async () => 'n' }, 'EZ_OPTION_INVALID'],
  ])('%s', async (_, context, code) => {
    const template = { ...get, headers: { a: '{%uuid%} {%nonce%}' } }
    expect((await errorOf(prepare(template, context as PrepareContext))).code).toBe(code)
  })
})

test('a page without TLS, which has no randomUUID, has UUIDs too', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  try {
    const urls = await Promise.all(
      [1, 2].map(async () => (await prepare({ method: 'GET', url: `${url}{%uuid%}` })).url),
    )
    // RFC 9562 section 5.4: version 4, variant 10.
    for (const one of urls)
      expect(one).toMatch(/\/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
    expect(urls[0]).not.toBe(urls[1])
  } finally {
    vi.unstubAllGlobals()
  }
})
