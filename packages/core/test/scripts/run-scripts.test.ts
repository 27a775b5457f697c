import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  definePreRequestScript,
  EzError,
  type PreRequestScript,
  prepare,
  type RequestTemplate,
  replacing,
  reveal,
  type Signer,
  type StandardSchema,
  secret,
} from '../../src/index.ts'
import { bodyText, clock, errorOf, headerSigner, script } from '../support/support.ts'

const base: RequestTemplate = {
  method: 'GET',
  url: 'https://api.example.com/a?x=1&x=2&flag&y=%2F',
  headers: { 'X-One': '1' },
}

describe('a script', () => {
  test('reads and edits method, URL, query, headers and body', async () => {
    const seen: unknown[] = []
    const prepared = await prepare(
      {
        ...base,
        preRequest: [
          script((request) => {
            seen.push(
              request.method,
              request.url,
              [...request.query.entries()],
              [...request.headers.entries()],
              request.query.get('y'),
              request.headers.get('x-ONE'),
            )
            request.method = 'put'
            request.url = 'https://API.example.com/b c'
            request.query.delete('x')
            request.query.append('z', 'a&b')
            request.query.set('flag', 'on')
            request.headers.append('x-one', '2')
            request.headers.set('X-Two', ' 3 ')
            request.setBody({ json: { a: '{{b}}' } })
          }),
        ],
      },
      { clock },
    )
    expect(seen).toEqual([
      'GET',
      'https://api.example.com/a',
      [
        ['x', '1'],
        ['x', '2'],
        ['flag', ''],
        ['y', '/'],
      ],
      [['x-one', '1']],
      '/',
      '1',
    ])
    expect(prepared.method).toBe('PUT')
    // What a script leaves alone stays in wire form as written.
    expect(prepared.url).toBe('https://api.example.com/b%20c?flag=on&y=%2F&z=a%26b')
    expect(prepared.headers).toEqual([
      ['x-one', '1, 2'],
      ['x-two', '3'],
      ['content-type', 'application/json'],
    ])
    expect(bodyText(prepared)).toBe('{"a":"{{b}}"}')
  })

  test('runs in order, and may be asynchronous', async () => {
    const order: number[] = []
    const waits = script(async () => {
      await Promise.resolve()
      order.push(1)
    })
    await prepare({ ...base, preRequest: [waits, script(() => void order.push(2))] }, { clock })
    expect(order).toEqual([1, 2])
  })

  test('sees what would be sent, which is closed from then on', async () => {
    let read: unknown
    const template: RequestTemplate = {
      method: 'POST',
      url: 'https://api.example.com/?a={%nonce%}',
      headers: { 'x-a': 'b', authorization: '{%signature%}' },
      body: { json: { n: '{%nonce%}' } },
    }
    const signs = script((request, context) => {
      const resolved = request.resolved()
      read = { ...resolved, body: bodyText(resolved) }
      context.publish('signature', 'signed')
      request.headers.set('x-added', 'c')
    })
    const prepared = await prepare({ ...template, preRequest: [signs] }, { clock, nonce: () => 'N' })
    expect(read).toEqual({
      method: 'POST',
      url: 'https://api.example.com/?a=N',
      headers: [
        ['x-a', 'b'],
        ['content-type', 'application/json'],
      ],
      body: '{"n":"N"}',
    })
    expect(prepared.headers).toEqual([
      ['x-a', 'b'],
      ['authorization', 'signed'],
      ['x-added', 'c'],
      ['content-type', 'application/json'],
    ])

    const changes: ((request: Parameters<PreRequestScript['run']>[0], context: Parameters<PreRequestScript['run']>[1]) => void)[] = [
      (request) => { request.method = 'PUT' },
      (request) => { request.url = 'https://api.example.com/b' },
      (request) => request.query.append('b', '1'),
      (request) => request.headers.set('x-a', 'other'),
      (request) => request.headers.delete('x-a'),
      (request) => request.setBody(null),
      (_, context) => context.publish('nonce', 'other'),
    ] // biome-ignore format: a table
    for (const change of changes) {
      const late = script((request, context) => {
        request.resolved()
        context.publish('signature', 'signed')
        change(request, context)
      })
      expect((await errorOf(prepare({ ...template, preRequest: [late] }, { clock }))).code).toBe(
        'EZ_CHANGED_AFTER_READ',
      )
    }
  })

  test('knows which outputs are wanted, the variables, and the runtime values', async () => {
    let known: unknown
    const reads = script((_, context) => {
      known = [
        context.wanted,
        context.variables.name,
        context.lookup('object.list[0]'),
        context.lookup('none'),
        context.runtime('today'),
        context.runtime('none'),
        Object.keys(context.variables),
      ]
      context.publish('signature', 'x')
    })
    await prepare(
      { ...base, headers: { authorization: '{%signature%}' }, preRequest: [reads] },
      { clock, variables: { name: '{{other}}!', other: 'o', object: { list: ['first'] } } },
    )
    expect(known).toEqual([
      ['signature'],
      'o!',
      'first',
      undefined,
      '2026-01-15',
      undefined,
      ['name', 'other', 'object'],
    ])
  })

  test('that throws ends in EZ_SCRIPT_FAILED with its id and cause, and the trace so far', async () => {
    const logs = script((_, context) => context.log('first'), 'first')
    const throws = script(() => { throw new TypeError('no token') }, 'second') // biome-ignore format: one line
    const error = await errorOf(prepare({ ...base, preRequest: [logs, throws] }, { clock }))
    expect(error).toMatchObject({ code: 'EZ_SCRIPT_FAILED', message: 'second: the script failed: no token' })
    expect((error.cause as Error).name).toBe('TypeError')
    expect(error.trace).toContainEqual({ step: 'first', id: 'log', value: 'first' })
  })

  test('keeps a coded error of its own', async () => {
    const throws = script(() => { throw new EzError('EZ_TOKEN_REFUSED', 'oauth2: no') }) // biome-ignore format: one line
    expect((await errorOf(prepare({ ...base, preRequest: [throws] }))).code).toBe('EZ_TOKEN_REFUSED')
  })

  test('has a time limit, and ends with an abort', async () => {
    const hangs = script(() => new Promise(() => undefined))
    expect((await errorOf(prepare({ ...base, preRequest: [hangs] }, { stepTimeoutMs: 5 }))).code).toBe(
      'EZ_STEP_TIMEOUT',
    )
    const controller = new AbortController()
    const pending = errorOf(prepare({ ...base, preRequest: [hangs] }, { signal: controller.signal }))
    controller.abort()
    expect((await pending).code).toBe('EZ_ABORTED')
    expect(
      (await errorOf(prepare({ ...base, preRequest: [hangs] }, { signal: AbortSignal.abort() }))).code,
    ).toBe('EZ_ABORTED')
  })

  test('leaves no timer when it is aborted, though it never ends', async () => {
    const hangs = script(() => new Promise(() => undefined))
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const controller = new AbortController()
    const before = timers()
    const pending = errorOf(prepare({ ...base, preRequest: [hangs] }, { signal: controller.signal }))
    await Promise.resolve()
    expect(timers()).toBe(before + 1)
    controller.abort()
    await pending
    expect(timers()).toBe(before)
  })

  test('cannot publish a reserved name', async () => {
    const publishes = script((_, context) => context.publish('today', 'x'))
    expect((await errorOf(prepare({ ...base, preRequest: [publishes] }))).code).toBe('EZ_NAME_RESERVED')
  })

  test('overrides a built-in by an output of the same name', async () => {
    const publishes = script((_, context) => context.publish('nonce', 'mine'))
    const prepared = await prepare({ ...base, headers: { n: '{%nonce%}' }, preRequest: [publishes] })
    expect(prepared.headers).toEqual([['n', 'mine']])
  })
})

describe('a signer', () => {
  const signs = (
    result: Partial<Awaited<ReturnType<Signer['sign']>>>,
    writes: Partial<Signer['writes']> = {},
  ): Signer => ({
    specVersion: 1,
    id: 'odd',
    writes: { headers: [], query: [], ...writes },
    sign: () => ({ patch: { headers: {}, query: [] }, trace: [], ...result }),
  })

  test.each<[string, Signer]>([
    ['EZ_WRITE_UNDECLARED', signs({ patch: { headers: { 'x-a': 'b' }, query: [] } })],
    ['EZ_WRITE_UNDECLARED', signs({ patch: { headers: {}, query: [['a', 'b']] } })],
    ['EZ_WRITE_UNDECLARED', signs({ patch: { headers: {}, query: [], body: new Uint8Array(1) } })],
    ['EZ_UNSIGNED', signs({}, { headers: ['authorization'] })],
    ['EZ_HEADER_INVALID', signs({ patch: { headers: { a: 'b\nc' }, query: [] } }, { headers: ['a'] })],
    ['EZ_SIGNER_FAILED', { ...signs({}), sign: () => { throw new Error('x') } }],
    ['EZ_SPEC_UNSUPPORTED', { ...signs({}), specVersion: 2 as never }],
    ['EZ_WRITE_UNDECLARED', { ...headerSigner(), canonicalUrl: (url) => url.replace('api.', 'evil.') }],
    ['EZ_WRITE_UNDECLARED', { ...headerSigner(), canonicalUrl: (url) => `${url}#x` }],
    ['EZ_WRITE_UNDECLARED', { ...headerSigner(), canonicalUrl: (url) => url.replace('//', '//user:pw@') }],
    ['EZ_WRITE_UNDECLARED', { ...headerSigner(), canonicalUrl: (url) => url.replace('.com', '.com.evil.example') }],
    ['EZ_URL_NOT_SENDABLE', { ...headerSigner(), canonicalUrl: (url) => url.replace('/a?', '/../a?') }],
  ])('%s', async (code, signer) => {
    expect((await errorOf(prepare({ ...base, preRequest: [signer] }))).code).toBe(code)
  }) // biome-ignore format: a table

  test('gets a frozen request without what it declares, so that signing again replaces', async () => {
    const inputs: string[] = []
    const signer: Signer = {
      specVersion: 1,
      id: 'query',
      writes: { headers: ['x-sig'], query: ['sig', 'key id'] },
      sign: (request) => {
        inputs.push(`${request.url} ${JSON.stringify(request.headers)}`)
        expect(
          Object.isFrozen(request) &&
            Object.isFrozen(request.headers) &&
            request.headers.every(Object.isFrozen),
        ).toBe(true)
        return {
          patch: {
            headers: { 'x-sig': '1' },
            query: [
              ['key id', 'a/b c'],
              ['sig', '!'],
            ],
          },
          trace: [],
        }
      },
    }
    const template = {
      ...base,
      url: 'https://api.example.com/?sig=old&a=b&key+id=old&key%20id=older',
      headers: { 'x-sig': 'old', 'x-a': 'b' },
    }
    const once = await prepare({ ...template, preRequest: [signer] })
    expect(once.url).toBe('https://api.example.com/?a=b&key%20id=a%2Fb%20c&sig=%21')
    const twice = await prepare({
      ...template,
      url: once.url,
      headers: Object.fromEntries(once.headers),
      preRequest: [signer],
    })
    expect(inputs).toEqual(Array(2).fill('https://api.example.com/?a=b [["x-a","b"]]'))
    expect(twice.url).toBe(once.url)
    expect(twice.headers).toEqual(once.headers)
  })

  test('may not undo another unless asked for', async () => {
    const conflict = await errorOf(
      prepare({ ...base, preRequest: [headerSigner(), headerSigner('authorization', 'Other', 'second')] }),
    )
    expect(conflict.code).toBe('EZ_WRITE_CONFLICT')
    const both = await prepare({ ...base, preRequest: [headerSigner(), headerSigner('x-b', 'b', 'second')] })
    expect(both.headers.map(([name]) => name)).toEqual(['x-one', 'authorization', 'x-b'])
    const replaced = await prepare({
      ...base,
      preRequest: [headerSigner(), replacing(headerSigner('authorization', 'Other', 'second'))],
    })
    expect(replaced.headers).toContainEqual(['authorization', 'Other'])
  })

  test('decides the path that is sent', async () => {
    const signer = { ...headerSigner(), canonicalUrl: (url: string) => url.replace('%41', 'A') }
    expect((await prepare({ ...base, url: 'https://api.example.com/%41', preRequest: [signer] })).url).toBe(
      'https://api.example.com/A',
    )
  })

  test('may replace the body when it declares so', async () => {
    const signer = signs(
      { patch: { headers: {}, query: [], body: new TextEncoder().encode('chunks') } },
      { body: true },
    )
    expect(
      bodyText(await prepare({ ...base, method: 'PUT', body: { text: 'x' }, preRequest: [signer] })),
    ).toBe('chunks')
  })
})

describe('definePreRequestScript', () => {
  test('tells what is wrong with parameters without telling the parameters', () => {
    const schema = v.object({ token: v.number(), deep: v.object({ key: v.number() }) })
    const make = definePreRequestScript({ id: 'mine', parameters: schema, run: () => {} })
    const wrong = { token: 's3cret-value', deep: { key: secret('another-s3cret') } }
    expect(() => make(wrong as never)).toThrow(/^mine: the parameters do not fit: token: (?!.*s3cret)/)
  })

  test('masks numbers as it masks texts', () => {
    const quotes = v.object({
      pin: v.pipe(v.number(), v.maxValue(9)),
      id: v.pipe(v.bigint(), v.maxValue(9n)),
    })
    const make = definePreRequestScript({ id: 'mine', parameters: quotes, run: () => {} })
    const error = (() => {
      try {
        return make({ pin: 987_654_321, id: 123_456_789n })
      } catch (thrown) {
        return String(thrown)
      }
    })()
    expect(error).toMatch(/pin: .*\*\*\*.*id: .*\*\*\*/)
    expect(error).not.toMatch(/987654321|123456789/)
  })

  const parsed = (text: string): unknown => JSON.parse(text)
  test.each<[string, StandardSchema<{ key: string }, unknown>]>([
    ['valibot', v.object({ key: v.pipe(v.string(), v.transform(parsed)) })],
    ['arktype', type({ key: ['string', '=>', parsed] })],
    ['zod', z.object({ key: z.string().transform(parsed) })],
    ['zod, asynchronous', z.object({ key: z.string().transform(async (text) => text) })],
  ])('refuses what a schema of %s throws, and does not tell it', async (_, schema) => {
    const make = definePreRequestScript({ id: 'mine', parameters: schema, run: () => {} })
    const error = await errorOf(Promise.resolve({ key: 's3cret-value' }).then(make))
    expect([error.code, error.cause]).toEqual(['EZ_OPTION_INVALID', undefined])
    expect(error.message).toMatch(/^mine: its schema threw, or is asynchronous/)
    // A rejection that nobody handles would fail this test.
    await new Promise((resolve) => setTimeout(resolve, 5))
  })

  test('masks the secrets in parameters, and those that the schema makes', async () => {
    const make = definePreRequestScript({
      id: 'mine',
      parameters: z.object({ key: z.any(), other: z.string().transform((text) => secret(text)) }),
      run: (_, context, { key, other }) => context.log(`${reveal(key)} ${reveal(other)}`),
    })
    const step = make({ key: secret('first-s3cret'), other: 'second-s3cret' })
    const { trace } = await prepare({ ...base, preRequest: [step] })
    expect(trace.find(({ id }) => id === 'log')?.value).toBe('*** ***')
  })

  const parameters: StandardSchema<{ tenant: string; level?: number }, { tenant: string; level: number }> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => {
        const { tenant, level = 1 } = value as { tenant: unknown; level?: number }
        return typeof tenant === 'string'
          ? { value: { tenant, level } }
          : { issues: [{ message: 'must be a string', path: ['tenant'] }] }
      },
    },
  }
  const tenantHeader = definePreRequestScript({
    id: 'tenant-header',
    parameters,
    run: (request, _, { tenant, level }) => request.headers.set('x-tenant', `${tenant}/${level}`),
  })

  test('is reused across requests with other values, each validated', async () => {
    expect((await prepare({ ...base, preRequest: [tenantHeader({ tenant: 'a' })] })).headers).toContainEqual([
      'x-tenant',
      'a/1',
    ])
    expect(
      (await prepare({ ...base, preRequest: [tenantHeader({ tenant: 'b', level: 2 })] })).headers,
    ).toContainEqual(['x-tenant', 'b/2'])
    expect(() => tenantHeader({ tenant: 1 as never })).toThrow(
      'tenant-header: the parameters do not fit: tenant: must be a string.',
    )
  })

  test('takes schemas of zod, valibot and arktype', async () => {
    const schemas = [
      z.object({ tenant: z.string(), level: z.number().default(3) }),
      v.object({ tenant: v.string(), level: v.optional(v.number(), 3) }),
      type({ tenant: 'string', level: 'number = 3' }),
    ]
    for (const schema of schemas) {
      const header = definePreRequestScript({
        id: 'tenant-header',
        parameters: schema as StandardSchema<{ tenant: string }, { tenant: string; level: number }>,
        run: (request, _, { tenant, level }) => request.headers.set('x-tenant', `${tenant}/${level}`),
      })
      const prepared = await prepare({ ...base, preRequest: [header({ tenant: 'a' })] })
      expect(prepared.headers).toContainEqual(['x-tenant', 'a/3'])
      expect(() => header({ tenant: 1 } as never)).toThrow(
        /^tenant-header: the parameters do not fit: tenant/,
      )
    }
    const inferred = z.object({ tenant: z.string() })
    definePreRequestScript({
      id: 'inferred',
      parameters: inferred,
      run: (_, __, parameters) => {
        expectTypeOf(parameters.tenant).toEqualTypeOf<string>()
      },
    })
  })

  test('has the types of its schema', () => {
    expectTypeOf(tenantHeader).parameter(0).toEqualTypeOf<{ tenant: string; level?: number }>()
    expectTypeOf(tenantHeader).returns.toEqualTypeOf<PreRequestScript>()
  })
})

test('variables of a signer’s context are resolved, and secrets stay secrets', async () => {
  let seen: unknown
  const signer: Signer = {
    ...headerSigner(),
    sign: (request, context) => {
      seen = [context.variables?.key, context.variables?.plain]
      return headerSigner().sign(request, context)
    },
  }
  const key = secret('abcdefgh')
  await prepare({ ...base, preRequest: [signer] }, { variables: { key, plain: '{{other}}', other: 'x' } })
  expect(seen).toEqual([key, 'x'])
})
