import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import {
  checkOptions,
  type EditableRequest,
  EzError,
  type PrepareContext,
  prepare,
  type RequestTemplate,
  type Signer,
  type SignResult,
  secret,
  signRequest,
} from '../src/index.ts'
import { bearer } from '../src/steps/index.ts'
import { bodyText, clock, errorOf, everythingShown, headerSigner, script } from './support/support.ts'

const url = 'https://api.example.com/'
const send = (template: object, context?: PrepareContext) =>
  prepare({ method: 'POST', url, ...template } as RequestTemplate, context)
const codeOf = async (promise: Promise<unknown>): Promise<string> => (await errorOf(promise)).code

describe('what a signer gets', () => {
  test('shows no secret when it is printed, and cannot be changed', async () => {
    let printed = ''
    const signer: Signer = {
      ...headerSigner(),
      sign: (request, context) => {
        printed = inspect(context, { depth: 9, showHidden: true })
        expect(() => Object.assign(context, { now: () => new Date(0) })).toThrow(TypeError)
        return headerSigner().sign(request, context)
      },
    }
    await send(
      { headers: { a: '{{key}}' }, preRequest: [signer] },
      { variables: { key: secret('plain-secret-value') } },
    )
    expect(printed).not.toContain('plain-secret')
  })

  test('may declare names in any case', async () => {
    const prepared = await send({ headers: { 'x-sig': 'old' }, preRequest: [headerSigner('X-Sig', 'new')] })
    expect(prepared.headers).toEqual([['x-sig', 'new']])
  })

  test.each<[string, Partial<Signer>, string]>([
    ['returns nothing', { sign: () => undefined as never }, 'EZ_SIGNER_FAILED'],
    ['returns no patch', { sign: () => ({ patch: null, trace: [] }) as never }, 'EZ_SIGNER_FAILED'],
    [
      'writes undefined',
      { sign: () => ({ patch: { headers: { authorization: undefined }, query: [] }, trace: [] }) as never },
      'EZ_HEADER_INVALID',
    ],
    ['declares nothing', { writes: undefined as never }, 'EZ_SPEC_UNSUPPORTED'],
  ])('is refused when it %s', async (_, change, code) => {
    expect(await codeOf(send({ preRequest: [{ ...headerSigner(), ...change }] }))).toBe(code)
  })
})

describe('what a script throws', () => {
  const looping = new Error('loop')
  looping.cause = looping
  const deep = Array.from({ length: 20_000 }).reduce<Error>(
    (cause) => new Error('deep', { cause }),
    new Error('end'),
  )
  const hostile = { toString: () => { throw new Error('no') } } // biome-ignore format: one line
  const unreadable = Object.defineProperty(new Error('x'), 'message', { get: () => { throw new Error('no') } }) // biome-ignore format: one line

  test.each([
    ['a cycle', looping],
    ['a long chain', deep],
    ['hostile', hostile],
    ['unreadable', unreadable],
    ['bare', Object.create(null)],
    ['nothing', undefined],
  ])('%s ends in EZ_SCRIPT_FAILED with its id', async (_, thrown) => {
    const throws = script(() => {
      throw thrown
    })
    const error = await errorOf(send({ preRequest: [throws] }))
    expect(error.code).toBe('EZ_SCRIPT_FAILED')
    expect(error.message).toMatch(/^script: /)
  })
})

describe('what a script writes', () => {
  const writes: [string, (request: EditableRequest) => void][] = [
    ['undefined in a header', (request) => request.headers.set('a', undefined as never)],
    ['null in a header', (request) => request.headers.append('a', null as never)],
    ['an object in the query', (request) => request.query.set('a', {} as never)],
    ['NaN in the query', (request) => request.query.append('a', Number.NaN as never)],
  ]
  test.each(writes)('%s is refused', async (_, write) => {
    expect(await codeOf(send({ preRequest: [script(write)] }))).toBe('EZ_SCRIPT_VALUE')
  })

  test('numbers and booleans are their text', async () => {
    const prepared = await send({
      preRequest: [script((request) => request.query.set('limit', 10 as never))],
    })
    expect(prepared.url).toBe(`${url}?limit=10`)
  })

  test('into what it read changes nothing that is sent, nor the caller’s variables', async () => {
    const variables = { list: [{ x: 1 }] }
    const meddles = script((request, context) => {
      ;(request.resolved().body as Uint8Array)[0] = 0
      const list = context.variables.list as { x: number }[]
      ;(list[0] as { x: number }).x = 2
      list.push({ x: 3 })
    })
    const prepared = await send({ body: { text: 'abc' }, preRequest: [meddles] }, { variables })
    expect(bodyText(prepared)).toBe('abc')
    expect(variables).toEqual({ list: [{ x: 1 }] })
  })
})

describe('pairs', () => {
  test.each<[string, unknown]>([
    ['Headers', new Headers({ a: '1' })],
    ['a Map', new Map([['a', '1']])],
    ['a record without prototype', Object.assign(Object.create(null), { a: '1' })],
  ])('come from %s too', async (_, headers) => {
    expect((await send({ headers })).headers).toEqual([['a', '1']])
    expect((await signRequest({ method: 'GET', url, headers: headers as never }, [])).headers).toEqual([
      ['a', '1'],
    ])
  })

  test('and from URLSearchParams', async () => {
    expect((await send({ query: new URLSearchParams('a=1&a=2') })).url).toBe(`${url}?a=1&a=2`)
  })

  test.each([['a'], [[['a', 'b', 'c']]], [5], ['text'], [new Date()]])(
    '%j is refused, not left out',
    async (headers) => {
      expect(await codeOf(send({ headers }))).toBe('EZ_TEMPLATE_INVALID')
    },
  )

  test('are refused when they could be read only once', async () => {
    const once = () => new Map([['a', '{{late}}']]).entries()
    const context = { variables: { late: async () => '1' } }
    expect(await codeOf(send({ headers: once() }, context))).toBe('EZ_TEMPLATE_INVALID')
    expect(await codeOf(send({ query: once() }, context))).toBe('EZ_TEMPLATE_INVALID')
    expect(await codeOf(send({ body: { form: once() } }, context))).toBe('EZ_BODY_INVALID')
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, {}, Symbol('x')])(
    '%s is no value of a query or form',
    async (value) => {
      expect(await codeOf(send({ query: { a: value } }))).toBe('EZ_BODY_INVALID')
      expect(await codeOf(send({ body: { form: { a: value } } }))).toBe('EZ_BODY_INVALID')
    },
  )

  test('a secret in a query or form is sent, and masked', async () => {
    const prepared = await send({
      query: { a: secret('hidden-value') },
      body: { form: { b: secret('hidden-form') } },
    })
    expect(`${prepared.url} ${bodyText(prepared)}`).toBe(`${url}?a=hidden-value b=hidden-form`)
    expect(await everythingShown(prepared)).not.toContain('hidden-')
  })
})

test.each<[string, object, PrepareContext, string]>([
  [
    'a number that is none, in a text',
    { body: { text: '{{x}}' } },
    { variables: { x: Number.NaN } },
    'EZ_BODY_INVALID',
  ],
  [
    'a function among data',
    { body: { text: '{{x}}' } },
    { variables: { x: () => () => 1 } },
    'EZ_BODY_INVALID',
  ],
  [
    'half of a surrogate pair in base64',
    { body: { text: '{{x | base64}}' } },
    { variables: { x: '\ud800' } },
    'EZ_TEXT_INVALID',
  ],
  ['two kinds of body', { body: { json: 1, text: 'a' } }, {}, 'EZ_BODY_INVALID'],
  ['a body that is text', { body: 'abc' }, {}, 'EZ_BODY_INVALID'],
  ['a part that is null', { body: { multipart: [null] } }, {}, 'EZ_BODY_INVALID'],
  [
    'a part that holds the boundary',
    { body: { multipart: [{ name: 'a', value: 'x--ez-N' }] } },
    { nonce: () => 'N' },
    'EZ_BODY_INVALID',
  ],
  ['a step that is false', { preRequest: [false] }, {}, 'EZ_SPEC_UNSUPPORTED'],
  ['steps that are no list', { preRequest: {} }, {}, 'EZ_TEMPLATE_INVALID'],
  ['hosts that are no list', {}, { allowedHosts: 'api.example.com' as never }, 'EZ_OPTION_INVALID'],
  [
    'a clock that is none',
    { preRequest: [headerSigner()] },
    { clock: () => new Date(Number.NaN) },
    'EZ_CLOCK_INVALID',
  ],
  ['an abort before there is a step', {}, { signal: AbortSignal.abort() }, 'EZ_ABORTED'],
])('%s has its code', async (_, template, context, code) => {
  expect(await codeOf(send(template, context))).toBe(code)
})

test.each<[string, string, boolean]>([
  ['https://api.example.com/', 'api.example.com:443', true],
  ['http://api.example.com/', 'api.example.com:80', true],
  ['https://api.example.com/', 'api.example.com:80', false],
  ['https://api.example.com:8443/', 'api.example.com:443', false],
  ['http://bücher.example/', 'bücher.example:80', true],
  ['http://bücher.example:81/', 'bücher.example:80', false],
  ['https://a.bücher.example/', '*.bücher.example', true],
  ['https://a.example.com:8443/', '*.example.com:8443', true],
  ['https://a.example.com/', '*.example.com:443', true],
  ['https://a.example.com:8443/', '*.example.com', true],
  ['https://a.example.com/', '*.example.com:8443', false],
  ['https://example.com:8443/', '*.example.com:8443', false],
])('allowedHosts with a port: %s by %s', async (url, allowed, expected) => {
  const prepared = prepare({ method: 'GET', url }, { allowedHosts: [allowed] })
  if (expected) await prepared
  else expect(await codeOf(prepared)).toBe('EZ_HOST_NOT_ALLOWED')
})

test.each<[object, string]>([
  [{ allowedHosts: [5] }, 'EZ_OPTION_INVALID'],
  [{ allowedHosts: ['https://api.example.com'] }, 'EZ_OPTION_INVALID'],
  [{ nonce: () => 5 }, 'EZ_OPTION_INVALID'],
  [{ nonce: () => '' }, 'EZ_OPTION_INVALID'],
  [{ startedAt: 'tomorrow' }, 'EZ_TIME_INVALID'],
  [{ stepTimeoutMs: 'soon' }, 'EZ_OPTION_INVALID'],
])('a context with something odd is refused: %j', async (context, code) => {
  const body = { multipart: [{ name: 'a', value: '{%nonce%}{%today%}' }] }
  expect(await codeOf(send({ body, preRequest: [script(async () => {})] }, context as PrepareContext))).toBe(
    code,
  )
})

test('no context, and time options that are null, are as if they were left out', async () => {
  const nothing = null as unknown as PrepareContext
  expect((await send({}, nothing)).url).toBe(url)
  expect((await signRequest({ method: 'GET', url }, [], nothing)).url).toBe(url)
  expect(bodyText(await send({ time: null, body: { text: '{%today%}' } }))).toMatch(/^\d{4}-/)
})

test('a step may be given all the time there is', async () => {
  const slow = script(() => new Promise((resolve) => setTimeout(resolve, 10)))
  for (const stepTimeoutMs of [Number.POSITIVE_INFINITY, 2 ** 31])
    await send({ preRequest: [slow] }, { stepTimeoutMs })
})

test('a canonicalUrl that throws is told with its signer', async () => {
  const signer = {
    ...headerSigner(),
    canonicalUrl: () => {
      throw new Error('no path rule')
    },
  }
  const error = await errorOf(send({ preRequest: [signer] }))
  expect(error.code).toBe('EZ_SIGNER_FAILED')
  expect(error.message).toContain('signer: the signer failed: no path rule')
})

test('a script replaces and removes pairs whose value still waits for an output', async () => {
  const edit = script((request, context) => {
    expect(request.query.get('a')).toBeNull()
    request.query.set('a', '1')
    request.query.delete('b')
    request.query.delete('c d')
    context.publish('out', 'x')
  })
  const template = {
    url: `${url}?a={%out%}&b={%never%}&c%20d=1{%never%}&{%out%}=2`,
    query: { b: '{%never%}' },
  }
  expect((await send({ ...template, preRequest: [edit] })).url).toBe(`${url}?a=1&x=2`)
})

test('a script reads repeated headers as they are sent', async () => {
  const reading = script((request) => {
    expect(request.headers.get('Cookie')).toBe('a=1; b=2')
    expect(request.headers.get('x-a')).toBe('1, 2')
  })
  const headers = [['cookie', 'a=1'], ['Cookie', 'b=2'], ['X-A', '1'], ['x-a', '2']] // biome-ignore format: pairs
  await send({ headers, preRequest: [reading] })
})

test('null stands for no body', async () => {
  expect((await send({ body: null })).body).toBeNull()
})

test('a concrete body of another kind is refused, and an aborted Request stays unsent', async () => {
  expect(await codeOf(signRequest({ method: 'POST', url, body: { json: 1 } as never }, []))).toBe(
    'EZ_BODY_INVALID',
  )
  expect(await codeOf(signRequest(new Request(url, { signal: AbortSignal.abort() }), []))).toBe('EZ_ABORTED')
})

test('allowedHosts may be written with other letters', async () => {
  const prepared = await prepare(
    { method: 'GET', url: 'https://bücher.example/' },
    { allowedHosts: ['bücher.example'] },
  )
  expect(prepared.url).toBe('https://xn--bcher-kva.example/')
})

test.each([undefined, null])('secret(%s) is a missing credential', (value) => {
  expect(() => secret(value as never)).toThrow(expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }))
})

test('an empty secret is a missing credential', () => {
  expect(() => checkOptions('x', { key: secret('') }, { key: 'secret' })).toThrow(
    expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }),
  )
})

describe('masking', () => {
  test('covers the tokens of a presigned URL', async () => {
    const prepared = await signRequest(
      { method: 'GET', url: `${url}?X-Amz-Security-Token=FwoGZXIv&X-Amz-Signature=0123abcd` },
      [],
    )
    expect(await everythingShown(prepared)).not.toMatch(/FwoGZXIv|0123abcd/)
  })

  test('covers a secret that nobody asked for, when its text arrives another way', async () => {
    const prepared = await send(
      { body: { text: 'unused-secret' } },
      { variables: { other: secret('unused-secret') } },
    )
    expect(await everythingShown(prepared)).not.toContain('unused-secret')
  })

  test('covers a secret that is JSON in JSON', async () => {
    const value = 'a"b\\c\nd-secret'
    const prepared = await send(
      { body: { json: { inner: '{{key | json}}' } } },
      { variables: { key: secret(value) } },
    )
    expect(await everythingShown(prepared)).not.toContain('d-secret')
  })
})

test('many at once without a signal add no listeners to a common one', async () => {
  const warned = vi.fn()
  process.on('warning', warned)
  const waits = script(() => new Promise((resolve) => setTimeout(resolve, 5)))
  await Promise.all(Array.from({ length: 50 }, () => send({ preRequest: [waits] }, { clock })))
  await new Promise((resolve) => setTimeout(resolve, 5))
  process.off('warning', warned)
  expect(warned).not.toHaveBeenCalled()
})

test('a variable that is undefined is missing, and is not its own nearest name', async () => {
  const error = await errorOf(send({ body: { text: '{{x}}' } }, { variables: { x: undefined } }))
  expect(EzError.isInstance(error) && error.message).not.toContain('did you mean')
})

test('what has no text cannot be published, so that every trace can be read', async () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  for (const value of [() => 1, Symbol('a'), Number.NaN, cyclic, new Date(Number.NaN)]) {
    const publishing = script((_, context) => context.publish('out', value))
    const error = await errorOf(prepare({ method: 'GET', url, preRequest: [publishing] }))
    expect(error.code).toBe('EZ_BODY_INVALID')
    expect(error.message).toContain('{%out%}')
    expect(error.trace).toEqual([])
  }
})

test('a script may log anything, and every trace can be read', async () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const logging = script((_, context) => {
    const log = context.log as (message: unknown) => void
    for (const message of [1, null, undefined, { a: [1] }, new Error('odd'), () => 1, cyclic]) log(message)
    log({ key: secret('planted-secret') })
    log(secret('abc'))
  })
  const logged: string[] = []
  const { trace } = await prepare(
    { method: 'GET', url, preRequest: [logging] },
    { log: ({ id, value }) => id === 'log' && logged.push(value) },
  )
  const shown = ['1', 'null', 'undefined', '{"a":[1]}', 'Error: odd', '[object Function]', '[object Object]', '{"key":"***"}', '***'] // biome-ignore format: one list
  expect(trace.filter(({ id }) => id === 'log').map(({ value }) => value)).toEqual(shown)
  expect(logged).toEqual(shown)
})

test.each<[string, object]>([
  ['headers that are null', { patch: { headers: null, query: [] }, trace: [] }],
  ['a pair that is none', { patch: { headers: { 'x-a': 'b' }, query: [5] }, trace: [] }],
  ['a value that is no text', { patch: { headers: {}, query: [['q', 5]] }, trace: [] }],
  ['a name without a value', { patch: { headers: {}, query: [['q']] }, trace: [] }],
  ['a stage without a text', { patch: { headers: { 'x-a': 'b' }, query: [] }, trace: [{ id: 'a' }] }],
  ['no stage', { patch: { headers: { 'x-a': 'b' }, query: [] }, trace: [null] }],
  [
    'a secret that is none',
    { patch: { headers: { 'x-a': 'b' }, query: [] }, trace: [], secrets: [undefined] },
  ],
])('a signer that returns %s has failed', async (_, result) => {
  const signer = { ...headerSigner('x-a'), sign: () => result } as unknown as Signer
  const error = await errorOf(prepare({ method: 'GET', url, preRequest: [signer] }))
  expect(error.code).toBe('EZ_SIGNER_FAILED')
  expect(error.message).toContain('signer: sign must return')
})

test.each<[string, string, Partial<RequestTemplate>, object]>([
  ['a body that is none', 'EZ_SIGNER_FAILED', {}, { body: 'text' }],
  ['a body with GET', 'EZ_BODY_NOT_SENDABLE', { method: 'GET' }, { body: new Uint8Array(2) }],
  [
    'a body of another length than announced',
    'EZ_HEADER_NOT_SENDABLE',
    { body: { text: 'abc' }, headers: { 'content-length': '3' } },
    { body: new Uint8Array(2) },
  ],
  [
    'a length of its own that is false',
    'EZ_HEADER_NOT_SENDABLE',
    { body: { text: 'abc' } },
    { headers: { 'content-length': '999' } },
  ],
  ['a length of no body', 'EZ_HEADER_NOT_SENDABLE', {}, { headers: { 'content-length': '3' } }],
  [
    'a stream of a length that is none',
    'EZ_SIGNER_FAILED',
    {},
    { body: new Blob(['xy']).stream(), bodyLength: -1 },
  ],
  ['a header twice', 'EZ_SIGNER_FAILED', {}, { headers: { 'x-a': '1', 'X-A': '2' } }],
])('a signer may not write %s', async (_, code, template, patch) => {
  const signer: Signer = {
    ...headerSigner(),
    writes: { headers: Object.keys({ ...(patch as SignResult['patch']).headers }), query: [], body: true },
    sign: () => ({ patch: { headers: {}, query: [], ...patch }, trace: [] }) as SignResult,
  }
  expect(await codeOf(send({ ...template, preRequest: [signer] }))).toBe(code)
})

test('a signer may write the length of the body, and bytes need none', async () => {
  const signer = (patch: object): Signer => ({
    ...headerSigner(),
    writes: { headers: ['content-length'], query: [], body: true },
    sign: () => ({ patch: { headers: { 'content-length': '3' }, query: [], ...patch }, trace: [] }),
  })
  const stream = () => new Blob(['abc']).stream()
  await send({ body: { text: 'abc' }, preRequest: [signer({})] })
  await send({ body: { stream, length: 3 }, preRequest: [signer({})] })
  expect((await send({ preRequest: [signer({ body: stream(), bodyLength: 3 })] })).bodyLength).toBe(3)
  const bytes = await send({ preRequest: [signer({ body: new Uint8Array(3), bodyLength: 99 })] })
  expect(bytes.bodyLength).toBeUndefined()
})

describe('a stream', () => {
  const stream = () => new Blob(['abc']).stream()

  test.each<[string, object]>([
    ['nothing', { stream: () => undefined }],
    ['a text', { stream: () => 'abc' }],
    ['a promise', { stream: async () => stream() }],
    ['a length that is none', { stream, length: '3' }],
    ['a negative length', { stream, length: -1 }],
  ])('that gives %s is refused', async (_, body) => {
    expect(await codeOf(send({ body }))).toBe('EZ_BODY_INVALID')
  })

  test('that was read is told as such', async () => {
    const prepared = await send({ body: { stream } })
    await new Response(prepared.body as ReadableStream).text()
    expect(() => prepared.toRequest()).toThrow(expect.objectContaining({ code: 'EZ_BODY_INVALID' }))
    const request = new Request(url, { method: 'POST', body: 'x' })
    await request.text()
    expect(await codeOf(signRequest(request, []))).toBe('EZ_BODY_INVALID')
  })
})

test.each([null, {}, { url }, { method: 'GET', url: new URL(url) }])(
  'a concrete request without method or url is refused: %j',
  async (request) => expect(await codeOf(signRequest(request as never, []))).toBe('EZ_TEMPLATE_INVALID'),
)

test('the trace shows an output as it was when it was published', async () => {
  const publishing = script((_, context) => {
    const list = ['a']
    context.publish('out', list)
    list.push('b')
  })
  const { trace } = await prepare({ method: 'GET', url, preRequest: [publishing] })
  expect(trace[0]?.value).toBe('out = ["a"]')
})

test('an invalid date is refused with its place', async () => {
  const variables = { date: new Date(Number.NaN) }
  for (const body of [
    { json: { since: '{{date}}' } },
    { json: { since: variables.date } },
    { text: '{{date}}' },
  ])
    expect((await errorOf(prepare({ method: 'POST', url, body }, { variables }))).code).toBe(
      'EZ_BODY_INVALID',
    )
})

describe('a promise of another realm', () => {
  const foreign = runInNewContext('(value) => Promise.resolve(value)') as <Value>(
    value: Value,
  ) => Promise<Value>
  const endless = runInNewContext('() => new Promise(() => {})') as () => Promise<void>

  test('is awaited, of a signer and of a credential', async () => {
    const signer = headerSigner('x-signature')
    const prepared = await prepare({
      method: 'GET',
      url,
      preRequest: [
        { ...signer, sign: (...given) => foreign(signer.sign(...given) as SignResult) },
        {
          ...headerSigner('x-b', 'b', 'b'),
          sign: (...given) => foreign(headerSigner('x-b', 'b').sign(...given) as SignResult),
        },
        bearer({ token: () => foreign('token-of-another-realm') }),
      ],
    })
    expect(prepared.headers).toEqual([
      ['x-signature', 'Test abcdef'],
      ['x-b', 'b'],
      ['authorization', 'Bearer token-of-another-realm'],
    ])
  })

  test('is limited in time, of a script', async () => {
    const error = await errorOf(
      prepare({ method: 'GET', url, preRequest: [script(() => endless())] }, { stepTimeoutMs: 5 }),
    )
    expect(error.code).toBe('EZ_STEP_TIMEOUT')
  })
})
