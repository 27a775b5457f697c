import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  EzError,
  maskResponse,
  prepare,
  type RequestTemplate,
  Secret,
  secret,
  signRequest,
  type TraceStep,
} from '../../src/index.ts'
import { clock, errorOf, everythingShown, headerSigner, script } from '../support/support.ts'

const url = 'https://api.example.com/'

describe('a secret', () => {
  test('shows itself nowhere', () => {
    const value = secret('abcdefgh')
    expect(
      [
        String(value),
        `${value}`,
        JSON.stringify({ value }),
        inspect(value),
        inspect({ deep: [value] }),
      ].join(),
    ).not.toContain('abc')
    expect(Object.keys(value)).not.toContain('value')
    expect(Secret.isInstance(value)).toBe(true)
    expect(Secret.isInstance('abcdefgh')).toBe(false)
  })

  test('shorter than six characters is masked only as a whole value', async () => {
    const prepared = await prepare(
      { method: 'POST', url, headers: { 'x-a': '{{short}}', 'x-b': 'abcdef' }, body: { text: '{{short}}' } },
      { variables: { short: secret('abc') } },
    )
    const shown = await everythingShown(prepared)
    expect(shown).toContain('x-a: ***')
    expect(shown).toContain('abcdef')
  })
})

test('what a request keeps secret, those that follow from it keep secret too', async () => {
  const secrets = ['lazy-secret-abcdef', 'script-token-abcdef', 'signature-of-it']
  const first = await prepare(
    {
      method: 'GET',
      url,
      headers: { 'x-lazy': '{{lazy}}', authorization: 'signature-of-it' },
      preRequest: [
        script(({ headers }) => {
          headers.set('x-api-key', secret('script-token-abcdef'))
        }),
      ],
    },
    { variables: { lazy: async () => secret('lazy-secret-abcdef') } },
  )
  let secretsOf = first
  for (const url of ['https://api.example.com/b', `https://api.example.com/c?quoted=${secrets.join()}`]) {
    const told: TraceStep[] = []
    secretsOf = await signRequest({ method: 'GET', url, headers: first.headers }, [], {
      secretsOf,
      log: (entry) => told.push(entry),
    })
    const body = Buffer.from(secrets.join())
    const answer = maskResponse({ status: 200, headers: [], body }, secretsOf)
    const shown = [await everythingShown(secretsOf), told, Buffer.from(answer.body).toString()]
    for (const value of secrets) expect(JSON.stringify(shown)).not.toContain(value)
    expect(secretsOf.headers).toContainEqual(['x-api-key', 'script-token-abcdef'])
  }
})

/** A text without the lines of its call stacks: they name files, and a folder may be called as a secret is. */
const withoutFrames = (text: string): string => text.replace(/^ +at .*$/gm, '')

/** The forms of a secret in which it must not be found. */
function forms(value: string): string[] {
  const bytes = Buffer.from(value)
  const list = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(encodeURIComponent(value)),
  ]
  for (const before of ['', 'x', 'xy']) {
    // What of the base64 text depends on the secret alone.
    const whole = Buffer.concat([Buffer.from(before), bytes])
    const own = whole
      .toString('base64')
      .slice(Math.ceil((before.length * 8) / 6), Math.floor((whole.length * 8) / 6))
    list.push(own, own.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return list.filter((form) => form.length >= 6)
}

test('planted everywhere, found nowhere', async () => {
  const alphabet = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789+/=%&? "\'\\|$.*-_~ü')
  const planted = fc
    .string({ unit: alphabet, minLength: 6, maxLength: 40 })
    .filter((value) => value.trim() === value && value.length >= 6 && new Set(value).size > 4)
  await fc.assert(
    fc.asyncProperty(planted, async (value) => {
      const ascii = Buffer.from(value).toString('base64')
      const logged: TraceStep[] = []
      const signer = headerSigner('authorization', `Test ${ascii}`)
      const template: RequestTemplate = {
        method: 'POST',
        url: `${url}{{key}}?k={{key}}`,
        query: { q: 'a{{key}}' },
        headers: {
          'x-basic': `{{pair | base64}}`,
          cookie: `{{key|base64}}`,
          'x-own': ascii,
          'x-out': '{%out%}',
        },
        body: {
          json: {
            key: '{{key}}',
            inner: 'x{{key}}y',
            composed: '{{composed}}',
            big: 'x'.repeat(1010),
            late: '{{key}}',
          },
        },
        preRequest: [
          script((request, context) => {
            context.log(`the key is ${value} and ${encodeURIComponent(value)}`)
            context.publish('out', secret(Buffer.from(value).toString('hex')))
            request.headers.set('x-script', secret(`${Buffer.from(`${value}!`).toString('base64url')}`))
          }),
          {
            ...signer,
            sign: (request, context) => ({
              ...(signer.sign(request, context) as Awaited<ReturnType<typeof signer.sign>>),
              trace: [{ id: 'string-to-sign', value: `POST\n${value}\n${encodeURIComponent(value)}` }],
              secrets: [value],
            }),
          },
        ],
      }
      const variables = { key: secret(value), pair: 'user:{{key}}', composed: 'Bearer {{key}}' }
      const context = { clock, variables, log: (entry: TraceStep) => logged.push(entry) }
      const prepared = await prepare(template, context).catch((error: { code: string }) => {
        expect(error.code).toMatch(/^EZ_(URL|HEADER)/)
      })
      if (!prepared) return
      expect(decodeURIComponent(prepared.url)).toContain(value)
      const shown = `${await everythingShown(prepared)}\n${JSON.stringify(logged)}\n${logged.map((entry) => entry.value).join('\n')}`
      for (const form of forms(value)) expect(shown).not.toContain(form)

      const failing = script(() => {
        throw new Error(`refused: ${value}`, { cause: new Error(`inner ${encodeURIComponent(value)}`) })
      })
      const error = await errorOf(
        prepare({ ...template, preRequest: [...(template.preRequest?.slice(0, 1) ?? []), failing] }, context),
      )
      const told = `${error.message}\n${error.stack}\n${inspect(error, { depth: 9 })}\n${JSON.stringify(error)}\n${JSON.stringify(error.trace)}`
      for (const form of forms(value)) expect(withoutFrames(told)).not.toContain(form)
    }),
    { numRuns: 200, examples: [['length'], ['constructor'], ['prototype'], ['support'], ['secrets']] },
  )
})

test('the values of sensitive headers and of X-Amz-Signature are masked', async () => {
  const prepared = await prepare({
    method: 'GET',
    url: `${url}?X-Amz-Signature=0123456789abcdef&a=b`,
    headers: { Authorization: 'Token abcdefgh', cookie: 'c=d', 'x-amz-access-token': 'Atza-1', 'x-amz-security-token': 'st', 'Proxy-Authorization': 'p' },
  }) // biome-ignore format: one object
  const shown = await everythingShown(prepared)
  for (const value of ['0123456789abcdef', 'abcdefgh', 'c=d', 'Atza-1']) expect(shown).not.toContain(value)
  expect(prepared.toCurl()).toContain('Token abcdefgh')
})

test('a key that a store is given to encrypt with is masked', async () => {
  const names = [
    'x-amz-server-side-encryption-customer-key',
    'x-amz-copy-source-server-side-encryption-customer-key',
    'x-ms-encryption-key',
    'x-ms-copy-source-authorization',
    'x-amz-s3session-token',
  ]
  const prepared = await prepare({
    method: 'GET',
    url: `${url}?X-Amz-S3session-Token=session-in-query`,
    headers: Object.fromEntries(names.map((name, index) => [name, `encryption-key-${index}`])),
  })
  expect(await everythingShown(prepared)).not.toMatch(/encryption-key-\d|session-in-query/)
})

test('a secret across the edge of what a trace shows of a body is masked whole', async () => {
  const value = 'edge-secret-value'
  for (let lead = 1000; lead < 1030; lead += 1) {
    const prepared = await prepare(
      { method: 'POST', url, body: { text: `${'x'.repeat(lead)}{{key}}${'y'.repeat(2000)}` } },
      { variables: { key: secret(value) } },
    )
    expect(prepared.trace.map((step) => step.value).join()).not.toMatch(/edge-/)
  }
})

test('the trace is the same for the same clock and nonce; durations go to the log', async () => {
  const logged: TraceStep[] = []
  const run = async () =>
    (
      await prepare(
        {
          method: 'POST',
          url,
          headers: { n: '{%nonce%}' },
          body: { text: '{%now%}' },
          preRequest: [script((_, context) => context.log('hi')), headerSigner()],
        },
        { clock, nonce: () => 'N', log: (entry) => logged.push(entry) },
      )
    ).trace
  expect(await run()).toEqual(await run())
  expect(logged.some(({ id }) => id === 'duration-ms')).toBe(true)
  expect((await run()).map(({ step, id }) => `${step}/${id}`)).toEqual([
    'script/log',
    'freeze/request',
    'signer/string-to-sign',
    'signer/patch',
    'seal/request',
  ])
  expect((await run()).at(-1)?.value).toMatch(/\(24 bytes, sha256 [0-9a-f]{64}\)\n2026-01-15T12:36:00.000Z$/)
})

test('secrets inside values are met wherever the value stands', async () => {
  const hidden = (name: string) => ({ deep: [secret(`planted-${name}`)] })
  const prepared = await prepare(
    {
      method: 'POST',
      url,
      body: {
        json: {
          own: hidden('template'),
          row: '{{row}}',
          configured: '{{configured}}',
          known: '{%known%}',
          out: '{%out%}',
        },
      },
      preRequest: [script((_, context) => context.publish('out', hidden('output')))],
    },
    {
      data: { row: hidden('data') },
      variables: { configured: hidden('variables') },
      outputs: { known: hidden('known') },
    },
  )
  const body = new TextDecoder().decode(prepared.body as Uint8Array)
  for (const name of ['template', 'data', 'variables', 'known', 'output'])
    expect(body).toContain(`planted-${name}`)
  expect(await everythingShown(prepared)).not.toContain('planted-')
  const written = await prepare({
    method: 'POST',
    url,
    preRequest: [script((request) => request.setBody({ json: hidden('body') }))],
  })
  expect(await everythingShown(written)).not.toContain('planted-')
})

describe('what a request makes of a secret is masked as well', () => {
  test.each<[string, string, Omit<RequestTemplate, 'method' | 'url'> & { url?: string; method?: string }]>([
    ['trimmed, in a header', ' edge-Space-Key9 ', { headers: { 'x-a': '{{key}}' } }],
    ['in lower case, in the name of a header', 'MixedCaseKey7', { headers: { 'x-{{key}}': 'a' } }],
    ['in lower case, in the host', 'MixedCaseKey7', { url: 'https://{{key}}.example.com/' }],
    ['in upper case, as the method', 'mixedCaseKey', { method: '{{key}}' }],
    [
      'quoted, in a multipart body',
      'a "quoted" Key8',
      { body: { multipart: [{ name: '{{key}}', value: 'x', filename: '{{key}}' }] } },
    ],
    ['with its host in lower case, as the base', 'https://Hooks.Example.com/T0KEN/ü', { url: '{{key}}/a' }],
  ])('%s', async (_, value, parts) => {
    const prepared = await prepare(
      { method: 'POST', url, ...parts },
      { variables: { key: secret(value) }, clock, nonce: () => 'N' },
    )
    const shown = (await everythingShown(prepared)).toLowerCase()
    for (const part of value.toLowerCase().match(/[a-z0-9]{5,}/g) ?? [])
      if (part !== 'https' && part !== 'hooks' && part !== 'example') expect(shown).not.toContain(part)
  })
})

test('details of an error hold no secret, whatever they are', async () => {
  const value = 'planted-Secret/Value'
  const cyclic: Record<string, unknown> = { value }
  cyclic.self = cyclic
  const details = {
    text: value,
    list: [value, { [value]: value }],
    bare: Object.assign(Object.create(null), { value }),
    error: new Error(value, { cause: value }),
    map: new Map([[value, value]]),
    url: new URL(`https://a.example/${encodeURIComponent(value)}`),
    bytes: new TextEncoder().encode(value),
    at: new Date(0),
    count: 3,
    cyclic,
  }
  const failing = script(() => {
    throw new EzError('EZ_SCRIPT_VALUE', 'no', { details })
  })
  const error = await errorOf(
    prepare({ method: 'GET', url, preRequest: [failing] }, { variables: { key: secret(value) } }),
  )
  const shown = inspect(error, { depth: 99, showHidden: true })
  for (const form of forms(value)) expect(withoutFrames(shown)).not.toContain(form)
  expect(shown).not.toContain([...details.bytes].join(', '))
  expect(error.details).toMatchObject({ text: '***', at: new Date(0), count: 3, map: '[object Map]' })
})
