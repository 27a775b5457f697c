import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import type { EditableRequest } from '../../src/contract/step.ts'
import {
  EzError,
  type PrepareContext,
  type PreRequestScript,
  prepare,
  type RequestTemplate,
  type ScriptContext,
  signRequest,
} from '../../src/index.ts'
import { bodyText, errorOf, script } from '../support/support.ts'

const url = 'https://api.example.com/'
const post: RequestTemplate = { method: 'POST', url }

const run = (
  use: (request: EditableRequest, context: ScriptContext) => void | Promise<void>,
  context: PrepareContext = {},
): ReturnType<typeof prepare> => prepare({ ...post, preRequest: [script(use)] }, context)

describe('what was read is closed', () => {
  const token = '{%sig | default("none")%}'
  test.each<[string, Partial<RequestTemplate>]>([
    ['the URL', { url: `${url}${token}`, headers: { 'x-sig': token } }],
    ['the query', { query: { sig: token } }],
    ['the body', { body: { text: token } }],
  ])('also where %s has a default', async (_, parts) => {
    const late = script((request, context) => {
      request.resolved()
      context.publish('sig', 'real')
    })
    const error = await errorOf(prepare({ ...post, ...parts, preRequest: [late] }))
    expect(error.code).toBe('EZ_CHANGED_AFTER_READ')
  })

  test('but a header waits for its output', async () => {
    const late = script((request, context) => {
      expect(request.resolved().headers).toEqual([])
      context.publish('sig', 'real')
    })
    const { headers } = await prepare({ ...post, headers: { 'x-sig': token }, preRequest: [late] })
    expect(headers).toEqual([['x-sig', 'real']])
  })
})

test('pairs that are added on the way are not walked through', async () => {
  const prepared = await prepare({
    ...post,
    query: { a: '1' },
    headers: { 'x-a': '1' },
    preRequest: [
      script(({ headers, query }) => {
        for (const [name, value] of headers.entries()) headers.append(`${name}-copy`, value)
        for (const [name, value] of query.entries()) query.append(`${name}-copy`, value)
      }),
    ],
  })
  expect([prepared.url, prepared.headers]).toEqual([
    `${url}?a=1&a-copy=1`,
    [
      ['x-a', '1'],
      ['x-a-copy', '1'],
    ],
  ])
})

test('fetch is called without a receiver, and is the one of the moment', async () => {
  const receivers: unknown[] = []
  function fake(this: unknown): Promise<Response> {
    receivers.push(this)
    return Promise.resolve(new Response())
  }
  const asks = (_: unknown, context: ScriptContext): Promise<void> => context.fetch(url).then(() => {})
  await run(asks, { fetch: fake })
  await run(async (_, context) => {
    vi.stubGlobal('fetch', fake)
    await asks(_, context)
  }).finally(() => vi.unstubAllGlobals())
  expect(receivers).toEqual([undefined, undefined])
})

describe('a script that takes too long', () => {
  const never = script(() => new Promise(() => {}))

  test('leaves no listener behind, and its signal aborts', async () => {
    const { signal } = new AbortController()
    let given: AbortSignal | undefined
    const waits = script((_, context) => {
      given = context.signal
      return new Promise(() => {})
    })
    for (const step of [never, waits]) {
      const pending = prepare({ ...post, preRequest: [step] }, { signal, stepTimeoutMs: 2 })
      expect((await errorOf(pending)).code).toBe('EZ_STEP_TIMEOUT')
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(given?.aborted && EzError.isInstance(given.reason) && given.reason.code).toBe('EZ_STEP_TIMEOUT')
  })

  test('so does a signer', async () => {
    let given: AbortSignal | undefined
    const signer = {
      specVersion: 1,
      id: 'signer',
      writes: { headers: [], query: [] },
      sign: (_: unknown, context: { signal?: AbortSignal }) => {
        given = context.signal
        return new Promise<never>(() => {})
      },
    } as const
    await errorOf(signRequest({ method: 'GET', url }, [signer], { stepTimeoutMs: 2 }))
    expect(given?.aborted).toBe(true)
  })

  test("the caller's abort reaches its signal, also late", async () => {
    const controller = new AbortController()
    let given: AbortSignal | undefined
    const keeps = (_: unknown, context: ScriptContext): void => {
      given = context.signal
    }
    await run(keeps, { signal: controller.signal })
    controller.abort('reason')
    expect(given?.reason).toBe('reason')
  })

  test.each<[unknown]>([['30s'], [Number.NaN], [-1]])('a limit of %s is refused', async (stepTimeoutMs) => {
    const ran = vi.fn()
    const error = await errorOf(run(ran, { stepTimeoutMs } as PrepareContext))
    expect(error.code).toBe('EZ_OPTION_INVALID')
    expect(ran).not.toHaveBeenCalled()
  })
})

describe('a Request whose body never ends', () => {
  const request = (): Request =>
    new Request(url, { method: 'POST', body: new ReadableStream(), duplex: 'half' } as RequestInit)

  test('is limited', async () => {
    const error = await errorOf(signRequest(request(), [], { stepTimeoutMs: 2 }))
    expect([error.code, error.message.split(':')[0]]).toEqual(['EZ_STEP_TIMEOUT', 'request'])
  })

  test('is aborted', async () => {
    const controller = new AbortController()
    const pending = errorOf(signRequest(request(), [], { signal: controller.signal }))
    controller.abort()
    expect((await pending).code).toBe('EZ_ABORTED')
  })
})

describe('what a script is given is its own', () => {
  const values = (): { row: object; day: Date } => ({
    row: Object.assign(Object.create(null), { level: 7 }),
    day: new Date(0),
  })
  const meddles = script((_, context) => {
    const { row, day } = context.variables as { row: { level: number }; day: Date }
    row.level += 1
    day.setFullYear(2000)
    ;(context.runtime('config') as { a: number }).a = 3
  })

  test('so that it changes nothing of the caller', async () => {
    const [variables, data, outputs] = [values(), { data: values().row }, { config: { a: 1 } }]
    await prepare({ ...post, preRequest: [meddles] }, { variables, data, outputs })
    expect([variables, data, outputs]).toEqual([values(), { data: values().row }, { config: { a: 1 } }])
  })

  test('and what it published stays as the trace tells', async () => {
    const prepared = await prepare({
      ...post,
      body: { json: '{%v%}' },
      preRequest: [
        script((_, context) => {
          const value = { a: [1] }
          context.publish('v', value)
          value.a.push(2)
        }),
      ],
    })
    expect(bodyText(prepared)).toBe('{"a":[1]}')
    expect(prepared.trace.find(({ id }) => id === 'output')?.value).toBe('v = {"a":[1]}')
  })
})

describe('a script that goes on after it has ended', () => {
  type Late = (request: EditableRequest, context: ScriptContext) => unknown
  test.each<[string, Late]>([
    ['edits a header', (request) => request.headers.set('x-late', '1')],
    ['edits the query', (request) => request.query.append('late', '1')],
    ['sets the method', (request) => Object.assign(request, { method: 'PUT' })],
    ['sets the URL', (request) => Object.assign(request, { url: `${url}late` })],
    ['sets the body', (request) => request.setBody({ text: 'late' })],
    ['reads the request', (request) => void request.resolved()],
    ['publishes', (_, context) => context.publish('late', '1')],
    ['logs', (_, context) => context.log('late')],
  ])('is told when it %s', async (_, act) => {
    let failure: Promise<EzError> | undefined
    const forgets = script((request, context) => {
      failure = errorOf(new Promise((resolve) => setTimeout(resolve, 1)).then(() => act(request, context)))
    }, 'forgets')
    const next = script(() => failure?.then(() => {}), 'next')
    const prepared = await prepare({ ...post, headers: { a: '1' }, preRequest: [forgets, next] })
    const { code, message } = (await failure) as EzError
    expect([code, message.split(':')[0]]).toEqual(['EZ_SCRIPT_ENDED', 'forgets'])
    expect([prepared.method, prepared.url, prepared.headers.length, prepared.body]).toEqual([
      'POST',
      url,
      1,
      null,
    ])
    expect(prepared.trace.filter(({ id }) => id !== 'request')).toEqual([])
  })

  test('may still mask and read', async () => {
    let kept: [EditableRequest, ScriptContext] | undefined
    const prepared = await run((...given) => {
      kept = given
      given[1].log('late-secret')
    })
    const [request, context] = kept as [EditableRequest, ScriptContext]
    context.conceal('late-secret')
    expect(prepared.trace[0]?.value).toBe('***')
    expect([request.method, context.now()]).toEqual(['POST', context.now()])
  })
})

describe('what a script gives that is no text or name', () => {
  test.each<[string, PreRequestScript['run'], string]>([
    ['a query name', ({ query }) => query.set(5 as never, 'x'), 'query.5'],
    ['a header name', ({ headers }) => headers.set(5 as never, 'x'), 'headers.5'],
    ['a query value', ({ query }) => query.append('a', {} as never), 'query.a'],
    ['a header value', ({ headers }) => headers.append('a', undefined as never), 'headers.a'],
    ['an empty output', (_, { publish }) => publish('', 'x'), '{%%}'],
    ['an output with a space', (_, { publish }) => publish('a b', 'x'), '{%a b%}'],
    ['an output with a path', (_, { publish }) => publish('a.b', 'x'), '{%a.b%}'],
    ['an output that is a number', (_, { publish }) => publish(5 as never, 'x'), '{%5%}'],
  ])('%s', async (_, use, place) => {
    const error = await errorOf(run(use))
    expect([error.code, error.message.split(':')[0]]).toEqual(['EZ_SCRIPT_VALUE', place])
  })

  test('to publish nothing is told as that', async () => {
    const prepared = await run((_, context) => context.publish('x', undefined))
    expect(prepared.trace.find(({ id }) => id === 'output')?.value).toBe('x = (none)')
  })
})
