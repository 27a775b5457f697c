import { describe, expect, test } from 'vitest'
import {
  type EzError,
  prepare,
  type RequestTemplate,
  type Signer,
  secret,
  signRequest,
} from '../src/index.ts'
import { errorOf, script } from './support/support.ts'

const clock = () => new Date('2026-01-15T12:36:00Z')

const header: Signer = {
  specVersion: 1,
  id: 'header',
  writes: { headers: ['authorization'], query: [] },
  sign: () => ({
    patch: { headers: { authorization: 'Test abcdef' }, query: [] },
    trace: [{ id: 'string-to-sign', value: 'text' }],
  }),
}

describe('prepare', () => {
  test('resolves variables, time tokens and typed values, and serialises the body once', async () => {
    const template: RequestTemplate = {
      method: 'post',
      url: 'https://{{host}}/reports/2021-06-30/reports',
      body: {
        json: {
          dataStartTime: '{%yesterday%}T00:00:01',
          marketplaceIds: '{{ids}}',
          note: 'a "{{quote}}"',
        },
      },
      preRequest: [header],
    }
    const prepared = await prepare(template, {
      variables: { host: 'API.example.com', ids: ['A', '{{second}}'], second: 2, quote: '"' },
      clock,
    })
    expect(prepared.method).toBe('POST')
    expect(prepared.url).toBe('https://api.example.com/reports/2021-06-30/reports')
    expect(prepared.headers).toEqual([
      ['content-type', 'application/json'],
      ['authorization', 'Test abcdef'],
    ])
    expect(new TextDecoder().decode(prepared.body as Uint8Array)).toBe(
      '{"dataStartTime":"2026-01-14T00:00:01","marketplaceIds":["A",2],"note":"a \\"\\"\\""}',
    )
  })

  test('fills outputs after the scripts, in URL, query, headers and body', async () => {
    const prepared = await prepare(
      {
        method: 'POST',
        url: 'https://api.example.com/{%id%}?a={%id%}',
        query: { b: '{%id%}' },
        headers: { authorization: '{%signature%}' },
        body: { text: '{%request_parameters%}' },
        preRequest: [
          {
            specVersion: 1,
            id: 'script',
            run: (_, context) => {
              context.publish('id', 'x y')
              context.publish('signature', secret('Signature abcdef'))
              context.publish('request_parameters', '{"a": 1}')
            },
          },
        ],
      },
      { clock },
    )
    expect(prepared.url).toBe('https://api.example.com/x%20y?a=x%20y&b=x%20y')
    expect(prepared.headers).toContainEqual(['authorization', 'Signature abcdef'])
    expect(new TextDecoder().decode(prepared.body as Uint8Array)).toBe('{"a": 1}')
    expect(JSON.stringify(prepared)).not.toContain('abcdef')
  })

  test.each<[string, RequestTemplate]>([
    ['EZ_VARIABLE_MISSING', { method: 'GET', url: 'https://{{hots}}/' }],
    ['EZ_VARIABLE_CYCLE', { method: 'GET', url: 'https://api.example.com/{{first}}' }],
    ['EZ_HEADER_INVALID', { method: 'GET', url: 'https://{{host}}/', headers: { 'x-a': 'b\r\nc' } }],
    ['EZ_URL_HOST', { method: 'GET', url: 'https://{{path}}/' }],
    ['EZ_URL_NOT_SENDABLE', { method: 'GET', url: 'https://{{host}}/a/../b' }],
    ['EZ_BODY_NOT_SENDABLE', { method: 'GET', url: 'https://{{host}}/', body: { text: 'a' } }],
    ['EZ_BODY_INVALID', { method: 'POST', url: 'https://{{host}}/', body: { json: { a: [Number.NaN] } } }],
    ['EZ_OUTPUT_MISSING', { method: 'GET', url: 'https://{{host}}/', headers: { a: '{%nothing%}' } }],
    [
      'EZ_STEP_ORDER',
      {
        method: 'GET',
        url: 'https://{{host}}/',
        preRequest: [header, { specVersion: 1, id: 'late', run: () => undefined }],
      },
    ],
  ])('%s', async (code, template) => {
    const variables = { host: 'api.example.com', first: '{{second}}', second: '{{first}}', path: 'a/b' }
    await expect(prepare(template, { variables, clock })).rejects.toMatchObject({ code })
  })

  test('tells every missing variable at once, with its place and the nearest name', async () => {
    const error = (await prepare(
      {
        method: 'POST',
        url: 'https://api.example.com/',
        headers: { authorization: '{{tokne}}' },
        body: { json: { marketplaceIds: ['{{market}}'] } },
      },
      { variables: { token: 'x' } },
    ).catch((caught: unknown) => caught)) as EzError
    expect(error.message).toContain('{{tokne}} in headers.authorization (did you mean {{token}}?)')
    expect(error.message).toContain('{{market}} in body.json.marketplaceIds[0]')
  })
})

describe('missing outputs', () => {
  const open: RequestTemplate = {
    method: '{%verb%}',
    url: 'https://api.example.com/{%part%}?q={%part%}',
    headers: { a: '{%cursor%}' },
    body: { json: { deep: '{%cursr%}' } },
  }

  test('are told all at once, each with its place and the nearest known name', async () => {
    const error = await errorOf(prepare(open, { outputs: { cursor_2: 'x', verb: undefined } }))
    expect(error.code).toBe('EZ_OUTPUT_MISSING')
    expect(error.details.missing).toEqual([
      { name: 'verb', place: 'method', nearest: 'verb' },
      { name: 'part', place: 'url', nearest: undefined },
      { name: 'cursr', place: 'body.json.deep', nearest: undefined },
      { name: 'cursor', place: 'headers.a', nearest: 'cursor_2' },
    ])
    expect(error.message).toContain('{%cursor%} in headers.a (did you mean {%cursor_2%}?)')
  })

  test('of the method alone, and of headers and body alone, as well', async () => {
    const names = async (template: Partial<RequestTemplate>) => {
      const { details } = await errorOf(prepare({ ...open, url: 'https://api.example.com/', ...template }))
      return (details.missing as { name: string }[]).map(({ name }) => name)
    }
    expect(await names({ headers: {}, body: { text: '' } })).toEqual(['verb'])
    expect(await names({ method: 'POST' })).toEqual(['cursr', 'cursor'])
  })

  test('do not name headers that later scripts may fill, when a script reads the request', async () => {
    const reads = script((request) => void request.resolved())
    const { details } = await errorOf(prepare({ ...open, preRequest: [reads] }))
    expect(JSON.stringify(details.missing)).not.toContain('headers')
  })

  test('an output without a value leaves a built-in as it is', async () => {
    const template: RequestTemplate = {
      method: 'GET',
      url: 'https://api.example.com/',
      headers: { a: '{%now%}' },
    }
    expect((await prepare(template, { clock, outputs: { now: undefined } })).headers).toEqual([
      ['a', '2026-01-15T12:36:00.000Z'],
    ])
  })
})

describe('signRequest', () => {
  test('takes nothing for a token', async () => {
    const prepared = await signRequest(
      {
        method: 'POST',
        url: 'https://api.example.com/{{a}}?b={%25c%25}',
        headers: { x: '{{a}}' },
        body: '{%b%}',
      },
      [header],
    )
    expect(prepared.url).toBe('https://api.example.com/%7B%7Ba%7D%7D?b=%7B%25c%25%7D')
    expect(prepared.headers).toEqual([
      ['x', '{{a}}'],
      ['authorization', 'Test abcdef'],
    ])
    expect(new TextDecoder().decode(prepared.body as Uint8Array)).toBe('{%b%}')
  })
})
