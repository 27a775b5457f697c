import { describe, expect, test } from 'vitest'
import {
  type PrepareContext,
  type PreRequestScript,
  prepare,
  type RequestTemplate,
  reveal,
  type ScriptContext,
  Secret,
  secret,
} from '../../src/index.ts'

const url = 'https://api.example.com/'

async function inScript(
  variables: Record<string, unknown>,
  use: (context: ScriptContext) => unknown,
): Promise<unknown> {
  let result: unknown
  const script: PreRequestScript = {
    specVersion: 1,
    id: 'probe',
    async run(_, context) {
      result = await use(context)
    },
  }
  await prepare(
    { method: 'GET', url, preRequest: [script] },
    { variables, clock: () => new Date(0), nonce: () => 'n' },
  )
  return result
}

describe('what a script looks up', () => {
  test.each<[string, (context: ScriptContext) => unknown, unknown]>([
    ['a path', (context) => context.lookup('a.b[1]'), 2],
    ['a filter', (context) => context.lookup('text | url'), 'a%20b'],
    ['a default', (context) => context.lookup('none | default("x")'), 'x'],
    ['a missing name', (context) => context.lookup('none'), undefined],
    ['a value that is fetched', (context) => context.lookup('late | base64'), 'bGF0ZQ=='],
    ['a time token', (context) => context.runtime('yesterday'), '1969-12-31'],
    ['a built-in, filtered', (context) => context.runtime('nonce | base64'), 'bg=='],
    ['a runtime default', (context) => context.runtime('none | default("x")'), 'x'],
    ['a missing runtime value', (context) => context.runtime('none'), undefined],
  ])('%s', async (_, use, expected) => {
    const variables = { a: { b: [1, 2] }, text: 'a b', late: async () => 'late' }
    expect(await inScript(variables, use)).toBe(expected)
  })

  test('what a filter makes of a secret stays closed to scripts', async () => {
    const found = await inScript({ key: secret('a b c d', { allowedInScript: false }) }, (context) =>
      context.lookup('key | url'),
    )
    expect(Secret.isInstance(found) && found.allowedInScript).toBe(false)
    expect(reveal(found as Secret)).toBe('a%20b%20c%20d')
  })
})

test('a script is told what later scripts read', async () => {
  const seen: (readonly string[])[] = []
  const first: PreRequestScript = {
    specVersion: 1,
    id: 'first',
    run: (_, context) => {
      seen.push(context.wanted)
      context.publish('signature', 's')
      context.publish('key', 'k')
    },
  }
  const second: PreRequestScript = { specVersion: 1, id: 'second', reads: ['key'], run: () => {} }
  await prepare({ method: 'GET', url, headers: { a: '{%signature%}' }, preRequest: [first, second] })
  expect(seen).toEqual([['signature', 'key']])
})

test('a concealed value is masked in the trace', async () => {
  const script: PreRequestScript = {
    specVersion: 1,
    id: 'leaky',
    run: (_, context) => {
      context.log('the key is parameter-secret')
      context.conceal(secret('parameter-secret'))
    },
  }
  const { trace } = await prepare({ method: 'GET', url, preRequest: [script] })
  expect(trace.find(({ id }) => id === 'log')?.value).toBe('the key is ***')
})

test('a script is told which secrets user-written ones may not read', async () => {
  const variables = {
    open: secret('open-secret-1'),
    closed: secret('closed-secret-1', { allowedInScript: false }),
    unused: secret('closed-secret-2', { allowedInScript: false }),
  }
  let withheld: readonly Secret[] = []
  const script: PreRequestScript = {
    specVersion: 1,
    id: 'probe',
    run: (_, context) => {
      withheld = context.withheld
    },
  }
  await prepare(
    { method: 'GET', url, headers: { a: '{{open}}', b: '{{closed}}' }, preRequest: [script] },
    { variables },
  )
  expect(withheld.map(reveal)).toEqual(['closed-secret-1'])
})

describe('a secret that scripts may not read is told as such, however it came into the request', () => {
  const closed = secret('closed secret', { allowedInScript: false })
  const write = (run: PreRequestScript['run']): PreRequestScript => ({ specVersion: 1, id: 'writes', run })
  const header = { headers: { a: '{%t%}' } }
  test.each<[string, Partial<RequestTemplate>, PrepareContext]>([
    ['an output', header, { outputs: { t: closed } }],
    ['an output within a record', { headers: { a: '{%t.key%}' } }, { outputs: { t: { key: closed } } }],
    ['data', { headers: { a: '{{row.key}}' } }, { data: { row: { key: closed } } }],
    [
      'a published value',
      { ...header, preRequest: [write((_, context) => context.publish('t', { key: closed }))] },
      {},
    ],
    ['a header', { preRequest: [write((request) => request.headers.set('a', closed))] }, {}],
    ['a pair of the query', { preRequest: [write((request) => request.query.append('a', closed))] }, {}],
    ['a body', { preRequest: [write((request) => request.setBody({ json: [closed] }))] }, {}],
    ['a parameter', { preRequest: [write((_, context) => context.conceal(closed))] }, {}],
    ['a JSON template', { body: { json: { key: closed } } }, {}],
    ['a query template', { query: { key: closed as never } }, {}],
    ['a form template', { body: { form: { key: closed as never } } }, {}],
  ])('%s', async (_, template, context) => {
    expect(await withheldFrom(template, context)).toContain('closed secret')
  })

  test('what filters make of it', async () => {
    const template = { url: `${url}{%t | base64 | url | base64%}`, headers: { a: '{{v | url | base64}}' } }
    const context = { outputs: { t: closed }, variables: { v: closed } }
    expect(await withheldFrom(template, context)).toEqual([
      'closed secret',
      'closed%20secret',
      'Y2xvc2VkJTIwc2VjcmV0',
      'Y2xvc2VkIHNlY3JldA==',
      'Y2xvc2VkIHNlY3JldA%3D%3D',
      'WTJ4dmMyVmtJSE5sWTNKbGRBJTNEJTNE',
    ])
  })

  async function withheldFrom(
    { preRequest = [], ...template }: Partial<RequestTemplate>,
    context: PrepareContext,
  ): Promise<string[]> {
    let withheld: readonly Secret[] = []
    const reads = write((_, context) => {
      withheld = context.withheld
    })
    await prepare({ method: 'POST', url, ...template, preRequest: [...preRequest, reads] }, context)
    return withheld.map(reveal)
  }
})
