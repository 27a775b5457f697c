import {
  EzError,
  type PrepareContext,
  type PreRequestScript,
  prepare,
  type RequestTemplate,
  secret,
} from '@ez/core'
import { javascriptScript } from '@ez/javascript'
import { describe, expect, test } from 'vitest'
import { logOf, run } from './support.ts'

const readable = secret('readable-secret-1')
const withheld = secret('withheld/secret 2', { allowedInScript: false })
const variables = { readable, withheld, both: ['{{readable}}'] }

describe('a secret that scripts may read', () => {
  test('is text in the script, and masked wherever it is shown', async () => {
    const prepared = await run(
      "console.log(variables.readable + ' ' + btoa(variables.readable)); request.headers.set('x-key', variables.readable); publish('own', variables.readable)",
      { context: { variables }, template: { headers: { 'x-own': '{%own%}' } } },
    )
    expect(prepared.headers).toContainEqual(['x-key', 'readable-secret-1'])
    expect(prepared.headers).toContainEqual(['x-own', 'readable-secret-1'])
    expect(logOf(prepared)).toEqual(['*** ***'])
    expect(JSON.stringify([prepared.trace, prepared])).not.toContain('readable-secret-1')
  })

  test('is masked in errors', async () => {
    const error = (await run("throw new Error('bad ' + variables.readable)", {
      context: { variables },
    }).catch((thrown: unknown) => thrown)) as EzError
    expect(EzError.isInstance(error)).toBe(true)
    expect(error.message).toContain('bad ***')
    expect(JSON.stringify([error.message, error.trace, error.details, String(error.stack)])).not.toContain(
      'readable-secret',
    )
  })

  test('as a parameter is masked too', async () => {
    const script = javascriptScript({
      source: 'console.log(parameters.key)',
      parameters: { key: secret('parameter-secret') },
    })
    const prepared = await prepare({ method: 'GET', url: 'https://a.example/', preRequest: [script] })
    expect(logOf(prepared)).toEqual(['***'])
  })
})

describe('a secret that scripts may not read', () => {
  test('can be placed, and only the host resolves it', async () => {
    const prepared = await run(
      `
      const value = variables.withheld
      console.log(value, value.includes('withheld/secret'), crypto.sha256(value, 'hex'))
      request.headers.set('authorization', 'Bearer ' + value)
      request.query.set('key', value)
      request.setBody({ json: { key: value } })
      publish('key', value)
      `,
      { context: { variables }, template: { headers: { 'x-key': '{%key%}' } } },
    )
    expect(prepared.headers).toContainEqual(['authorization', 'Bearer withheld/secret 2'])
    expect(prepared.headers).toContainEqual(['x-key', 'withheld/secret 2'])
    expect(prepared.url).toContain('key=withheld%2Fsecret%202')
    expect(new TextDecoder().decode(prepared.body as Uint8Array)).toBe('{"key":"withheld/secret 2"}')
    expect(logOf(prepared)[0]).toMatch(/^\*\*\* false /)
    expect(JSON.stringify([prepared.trace, prepared])).not.toContain('withheld/secret')
  })

  test.each<[string, string]>([
    ['a header', "request.headers.get('x-key')"],
    ['all headers', 'JSON.stringify([...request.headers])'],
    ['the query', "request.query.get('key')"],
    ['what is read', 'JSON.stringify(request.resolved())'],
  ])('does not show in %s, where the template places it', async (_, expression) => {
    const prepared = await run(
      `const seen = ${expression}; publish('seen', seen.replaceAll(/[^A-Za-z0-9]/g, ' '))`,
      {
        context: { variables: { withheld } },
        template: {
          url: 'https://api.example.com/?key={{withheld}}',
          headers: { 'x-key': '{{withheld}}', 'x-basic': '{{withheld | base64}}', 'x-seen': '{%seen%}' },
          body: { text: 'none' },
        },
      },
    )
    const seen = prepared.headers.find(([name]) => name === 'x-seen')?.[1]
    expect(seen).not.toContain('secret 2')
    expect(seen).not.toContain(btoa('withheld/secret 2').replaceAll('=', ' ').trim())
    expect(prepared.headers).toContainEqual(['x-key', 'withheld/secret 2'])
  })

  describe('is hidden however it came into the request, and what is copied is put back as it was', () => {
    const closed = secret('closed!$& secret', { allowedInScript: false })
    const native = (run: PreRequestScript['run']): PreRequestScript => ({ specVersion: 1, id: 'native', run })
    test.each<[string, Partial<RequestTemplate>, PrepareContext, string]>([
      ['an output', { headers: { 'x-a': '{%t%}' } }, { outputs: { t: closed } }, 'closed!$& secret'],
      [
        'a filtered output',
        { headers: { 'x-a': '{%t | url | base64%}' } },
        { outputs: { t: closed } },
        btoa('closed%21%24%26%20secret'),
      ],
      [
        'what a native script set',
        { preRequest: [native((request) => request.headers.set('x-a', closed))] },
        {},
        'closed!$& secret',
      ],
      [
        'what a native script published',
        {
          headers: { 'x-a': '{%t.key%}' },
          preRequest: [native((_, context) => context.publish('t', { key: closed }))],
        },
        {},
        'closed!$& secret',
      ],
      [
        'a secret in another one',
        { headers: { 'x-a': '{{basic | base64}}' } },
        { variables: { closed, basic: 'user:{{closed}}' } },
        btoa('user:closed!$& secret'),
      ],
    ])('%s', async (_, { preRequest = [], ...template }, context, value) => {
      const script = javascriptScript({
        source: `
        const given = request.headers.get('x-a')
        request.headers.set('x-copy', given)
        request.headers.set('x-seen', String(given.includes('secret') || given.includes(${JSON.stringify(value)})))`,
      })
      const prepared = await prepare(
        { method: 'GET', url: 'https://a.example/', ...template, preRequest: [...preRequest, script] },
        context,
      )
      expect(Object.fromEntries(prepared.headers)).toMatchObject({
        'x-a': value,
        'x-copy': value,
        'x-seen': 'false',
      })
    })

    test('in the URL and in a name', async () => {
      const prepared = await prepare(
        {
          method: 'GET',
          url: 'https://a.example/bot{{closed}}/send',
          query: { '{{closed}}': '1' },
          preRequest: [
            javascriptScript({
              source: `
              const [[name]] = [...request.query]
              publish('seen', [request.url, name, request.resolved().url].some((text) => text.includes('secret')))`,
            }),
            javascriptScript({
              source: `
              request.url += '/more'
              const [[name]] = [...request.query]
              request.query.set(name, '2')
              request.query.set('seen', String(context.runtime('seen')))`,
            }),
          ].reverse(),
        },
        { variables: { closed }, outputs: { seen: 'none' } },
      )
      expect(prepared.url).toBe(
        'https://a.example/botclosed%21%24%26%20secret/send/more?closed%21%24%26%20secret=2&seen=none',
      )
      expect(prepared.trace.find(({ id, value }) => id === 'output' && value.startsWith('seen'))?.value).toBe(
        'seen = false',
      )
    })

    test('what another script placed', async () => {
      const places = javascriptScript({ source: "publish('t', { key: variables.closed })" })
      const reads = javascriptScript({
        source:
          "request.headers.set('x-seen', String(JSON.stringify(context.runtime('t')).includes('secret')))",
      })
      const prepared = await prepare(
        { method: 'GET', url: 'https://a.example/', preRequest: [places, reads] },
        { variables: { closed } },
      )
      expect(prepared.headers).toContainEqual(['x-seen', 'false'])
    })
  })

  test('keeps the body closed that holds it', async () => {
    const read = run('request.body.bytes()', {
      context: { variables: { withheld } },
      template: { body: { json: { key: '{{withheld}}' } } },
    })
    await expect(read).rejects.toMatchObject({ code: 'EZ_SECRET_WITHHELD' })
  })

  test('its placeholder is another one in every run, and means nothing to others', async () => {
    const placeholder = async (): Promise<string> => {
      let seen = ''
      const script = javascriptScript({
        source: "await fetch('http://localhost/', { method: 'POST', body: variables.withheld })",
        allow: { hosts: ['localhost'] },
      })
      await prepare(
        { method: 'GET', url: 'https://a.example/', preRequest: [script] },
        {
          variables: { withheld },
          fetch: async (_, init) => {
            seen = String(init?.body)
            return new Response('ok')
          },
        },
      )
      return seen
    }
    const [first, second] = [await placeholder(), await placeholder()]
    expect(first).not.toBe(second)
    expect(first).not.toContain('secret 2')
    const prepared = await run(`request.headers.set('x-a', '${first}')`, { context: { variables } })
    expect(prepared.headers).toContainEqual(['x-a', first])
  })
})
