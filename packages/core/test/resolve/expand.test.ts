import { describe, expect, test } from 'vitest'
import type { ScriptContext } from '../../src/contract/step.ts'
import { type PrepareContext, prepare, type RequestTemplate, type Signer, secret } from '../../src/index.ts'
import { bodyText, errorOf, everythingShown, headerSigner, script } from '../support/support.ts'

const url = 'https://api.example.com/'

const send = (template: object, context: PrepareContext) =>
  prepare({ method: 'POST', url, ...template } as RequestTemplate, context)
const sentText = async (text: string, variables: object, data = {}): Promise<string> =>
  bodyText(await send({ body: { text } }, { variables: { ...variables }, data }))
const sentJson = async (json: unknown, variables: object): Promise<unknown> =>
  JSON.parse(bodyText(await send({ body: { json } }, { variables: { ...variables } })))

describe('a variable that refers to a missing one', () => {
  const host = async () => 'a.example'
  const variables = {
    auth: 'Bearer {{token}}',
    alias: '{{token}}',
    list: { keys: ['k-{{token}}'] },
    later: 'Bearer {{fetched}} {{token}}',
    fetched: async () => 'there',
    nothing: undefined,
  }

  test.each<[string, (context: ScriptContext) => unknown]>([
    ['variables', (context) => context.variables.auth],
    ['lookup', (context) => context.lookup('auth')],
    ['lookup with a default for another name', (context) => context.lookup('alias | default("x")')],
    ['a list in a record', (context) => context.variables.list],
    ['an async one', (context) => context.variables.later],
  ])('stops a script that reads it: %s', async (_, read) => {
    const reading = script(async (_, context) => void (await read(context)))
    const error = await errorOf(send({ preRequest: [reading] }, { variables }))
    expect(error.code).toBe('EZ_VARIABLE_MISSING')
    expect(error.message).toMatch(/\{\{token\}\} in variables\.(auth|alias|list|later)/)
  })

  test('stops a signer that reads it', async () => {
    const signer: Signer = {
      ...headerSigner(),
      sign: (_, context) => ({
        patch: { headers: { authorization: `${context.variables?.auth}` }, query: [] },
        trace: [],
      }),
    }
    expect((await errorOf(send({ preRequest: [signer] }, { variables }))).code).toBe('EZ_VARIABLE_MISSING')
  })

  test('is no obstacle to what a script asks for by a name that may be missing', async () => {
    const seen: unknown[] = []
    const asking = script(async (_, context) => {
      seen.push(context.lookup('none'), context.variables.none, context.lookup('nothing'))
      seen.push(
        context.lookup('list.none'),
        context.lookup('none | default("x")'),
        await context.lookup('fetched'),
      )
    })
    await send({ preRequest: [asking] }, { variables })
    expect(seen).toEqual([undefined, undefined, undefined, undefined, 'x', 'there'])
  })

  test.each([
    ['{{base}}/x', { base: 'https://{{host}}' }],
    ['https://{{name}}/x', { name: '{{host}}' }],
    ['https://{{name}}/x', { name: '{{host}}.example' }],
    ['{{scheme}}://a.example/', { scheme: '{{host}}' }],
    ['https://a.example:{{port}}/', { port: '{{host}}' }],
  ])('is told with all others when it is the host: %s', async (url, variables) => {
    const { code, details } = await errorOf(send({ url, headers: { a: '{{also}}' } }, { variables }))
    expect(code).toBe('EZ_VARIABLE_MISSING')
    expect((details.missing as { name: string }[]).map(({ name }) => name)).toEqual(['host', 'also'])
  })

  test.each([
    ['{{base}}/x', { base: 'https://{{host}}', host }, 'https://a.example/x'],
    ['https://{{name}}/x', { name: '{{host}}', host }, 'https://a.example/x'],
    ['{{base}}{{row}}', { base: async () => 'https://a.example/v1/' }, 'https://a.example/v1/p%20q'],
  ])('is waited for when it is the host, and fetched: %s', async (url, variables, expected) => {
    expect((await send({ url }, { variables, data: { row: 'p q' } })).url).toBe(expected)
  })
})

describe('a variable that refers to others', () => {
  test('is expanded once, by whatever path it is reached', async () => {
    const variables = {
      pw: secret('LEAKED'),
      o: { k: '\\{{pw}}' },
      b: '{{o}}',
      list: ['{{nope | default("{{pw}}")}}'],
      a: '{{list}}',
    }
    const text = '{{o.k}} | {{b.k}} | {{list[0]}} | {{a[0]}}'
    expect(await sentText(text, variables)).toBe('{{pw}} | {{pw}} | {{pw}} | {{pw}}')
  })

  test('may hold functions and holes', async () => {
    const variables = {
      b: 'B',
      holes: Object.assign([1], { 2: '{{b}}' }),
      record: { plain: () => 'v-{{b}}', late: async () => ({ deep: ['{{b}}'] }) },
    }
    expect(await sentJson(['{{record}}', '{{record.plain}}', '{{holes}}'], variables)).toEqual([
      { plain: 'v-B', late: { deep: ['B'] } },
      'v-B',
      [1, null, 'B'],
    ])
  })

  test('shows no secret of what its functions give, or of an instance of a class', async () => {
    class Keys {
      readonly key = secret('secret-in-instance')
    }
    const variables = {
      record: { late: async () => ({ key: secret('secret-in-function') }) },
      lazy: () => new Keys(),
      instance: new Keys(),
    }
    const prepared = await send({ body: { json: ['{{record}}', '{{lazy}}', '{{instance}}'] } }, { variables })
    expect(bodyText(prepared)).toContain('secret-in-function')
    expect(await everythingShown(prepared)).not.toContain('secret-in')
  })

  test('may name a host of a record that holds data elsewhere', async () => {
    const variables = { base: '{{config}}', config: { host: 'a.example', note: '{{row}}' } }
    const data = { row: 'evil.example' }
    expect((await send({ url: 'https://{{base.host}}/' }, { variables, data })).url).toBe(
      'https://a.example/',
    )
    const error = await errorOf(send({ url: 'https://{{base.note}}/' }, { variables, data }))
    expect(error.code).toBe('EZ_URL_HOST')
  })

  test('ends with its path when a function leads back', async () => {
    const variables = { a: [async () => '{{a}}'] }
    const error = await errorOf(send({ body: { json: '{{a}}' } }, { variables }))
    expect(error.code).toBe('EZ_VARIABLE_CYCLE')
    expect(error.message).toContain('a → a')
    const endless = (): unknown => [endless, endless]
    expect((await errorOf(send({ body: { json: '{{endless}}' } }, { variables: { endless } }))).code).toBe(
      'EZ_VARIABLE_CYCLE',
    )
  })
})

describe('variables that repeat each other', () => {
  const doubled = (first: unknown, next: (name: string) => unknown): Record<string, unknown> => {
    const variables: Record<string, unknown> = { v0: first }
    for (let index = 1; index <= 40; index += 1) variables[`v${index}`] = next(`{{v${index - 1}}}`)
    return variables
  }
  const text = (name: string) => name + name
  const list = (name: string) => [name, name]
  const lazily = (name: string) => () => [name, name]

  test.each<[string, Record<string, unknown>, string]>([
    ['a missing name', doubled('{{nope}}', text), 'EZ_VARIABLE_MISSING'],
    ['a missing name in lists', doubled('{{nope}}', list), 'EZ_VARIABLE_MISSING'],
    ['text', doubled('x', text), 'EZ_VARIABLE_TOO_LARGE'],
    ['lists', doubled('x', list), 'EZ_VARIABLE_TOO_LARGE'],
    ['lists that functions give', doubled('', lazily), 'EZ_VARIABLE_TOO_LARGE'],
    ['lists of literal lists', doubled([1, 2, 3], list), 'EZ_VARIABLE_TOO_LARGE'],
    ['lists of secrets', doubled(secret('x'.repeat(1000)), list), 'EZ_VARIABLE_TOO_LARGE'],
  ])('end in a coded error: %s', async (_, variables, code) => {
    expect((await errorOf(send({ body: { json: '{{v40}}' } }, { variables }))).code).toBe(code)
  })

  test('are waited for', async () => {
    expect(
      await sentText(
        '{{v40}}',
        doubled(async () => '', text),
      ),
    ).toBe('')
  })

  test('may be long, not deep', async () => {
    const chain = doubled('x', (name) => name)
    expect(await sentText('{{v40}}', chain)).toBe('x')
    for (let index = 41; index <= 1000; index += 1) chain[`v${index}`] = `{{v${index - 1}}}`
    expect((await errorOf(sentText('{{v1000}}', chain))).code).toBe('EZ_VARIABLE_CYCLE')
  })
})
