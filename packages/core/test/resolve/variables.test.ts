import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PrepareContext, prepare, type RequestTemplate, secret } from '../../src/index.ts'
import { bodyText, clock, errorOf, everythingShown, script } from '../support/support.ts'

const url = 'https://api.example.com/'

async function resolvedText(text: string, context: PrepareContext): Promise<string> {
  return bodyText(await prepare({ method: 'POST', url, body: { text } }, { clock, ...context }))
}

async function resolvedJson(json: unknown, context: PrepareContext): Promise<unknown> {
  return JSON.parse(bodyText(await prepare({ method: 'POST', url, body: { json } }, { clock, ...context })))
}

describe('variables', () => {
  const variables = {
    text: 'value',
    number: 7,
    big: 12345678901234567890n,
    yes: true,
    nothing: null,
    list: [1, 'two', { three: '{{text}}' }],
    object: { inner: { 'spaced key': 'deep' }, list: ['zero', 'one'] },
    reference: 'see {{text}} and {{object.list[1]}}',
    chain: '{{reference}}!',
    date: new Date('2026-01-02T03:04:05.678Z'),
    secret: secret('s3cr3t-value'),
    composed: 'Bearer {{secret}}',
    lazy: () => 'called',
    later: async () => 'fetched',
    'with-hyphen': 'h',
  }

  test.each<[string, string]>([
    ['{{text}}', 'value'],
    ['{{ number }}/{{yes}}/{{nothing}}', '7/true/null'],
    ['{{big}}', '12345678901234567890'],
    ['{{object.inner["spaced key"]}}', 'deep'],
    ['{{object.list[1]}}', 'one'],
    ['{{list}}', '[1,"two",{"three":"value"}]'],
    ['{{chain}}', 'see value and one!'],
    ['{{date}}', '2026-01-02T03:04:05.678Z'],
    ['{{composed}}', 'Bearer s3cr3t-value'],
    ['{{lazy}} {{later}}', 'called fetched'],
    ['{{with-hyphen}}', 'h'],
    ['{{missing | default("x")}}{{object.none|default(3)}}', 'x3'],
    ['{{text | base64}} {{reference | url}} {{text|json}}', 'dmFsdWU= see%20value%20and%20one "value"'],
    ['\\{{text}}', '{{text}}'],
  ])('%s → %s', async (text, expected) => expect(await resolvedText(text, { variables })).toBe(expected))

  test('keep their type where they are a whole JSON value, and are text inside a longer string', async () => {
    const json = {
      a: '{{number}}', b: '{{list}}', c: '{{nothing}}', d: '{{yes}}', e: '{{object.inner}}',
      f: 'n={{number}}', g: '{{secret}}', h: 'list {{list}}', '{{text}}': 1,
    } // biome-ignore format: a table
    expect(await resolvedJson(json, { variables })).toEqual({
      a: 7, b: [1, 'two', { three: 'value' }], c: null, d: true, e: { 'spaced key': 'deep' },
      f: 'n=7', g: 's3cr3t-value', h: 'list [1,"two",{"three":"value"}]', value: 1,
    }) // biome-ignore format: a table
  })

  test('a lazy value is called once an attempt, and not at all when nothing needs it', async () => {
    let calls = 0
    const lazy = async () => `token-${++calls}`
    const unused = () => {
      throw new Error('called')
    }
    expect(await resolvedText('{{lazy}} {{lazy}}', { variables: { lazy, unused } })).toBe('token-1 token-1')
    expect(calls).toBe(1)
  })

  test.each([
    '__proto__',
    'constructor',
    'toString',
    'object.constructor',
    'list.map',
    'text.length',
    'secret.value',
  ])('{{%s}} is a missing name', async (name) => {
    expect((await errorOf(resolvedText(`{{${name}}}`, { variables }))).code).toBe('EZ_VARIABLE_MISSING')
  })

  test.each<[Record<string, unknown>, string]>([
    [{ a: '{{a}}' }, 'a → a'],
    [{ a: '{{b}}', b: 'x{{c}}', c: '{{a}}' }, 'a → b → c → a'],
    [{ a: { b: ['{{a}}'] } }, 'a → a'],
  ])('a cycle shows its path: %j', async (cyclic, path) => {
    const error = await errorOf(resolvedText('{{a}}', { variables: cyclic }))
    expect(error.code).toBe('EZ_VARIABLE_CYCLE')
    expect(error.message).toContain(path)
  })

  test('an object that holds itself ends in a coded error', async () => {
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    expect((await errorOf(resolvedText('{{cyclic}}', { variables: { cyclic } }))).code).toMatch(/^EZ_/)
  })

  test('a lazy value that never comes ends with its time, or with an abort', async () => {
    const never = () => new Promise(() => {})
    const late = await errorOf(resolvedText('{{never}}', { variables: { never }, stepTimeoutMs: 5 }))
    expect(late.code).toBe('EZ_STEP_TIMEOUT')
    const controller = new AbortController()
    const aborted = errorOf(resolvedText('{{never}}', { variables: { never }, signal: controller.signal }))
    controller.abort()
    expect((await aborted).code).toBe('EZ_ABORTED')
  })

  // Vitest fails a run in which a rejection stays unhandled.
  test('a lazy value that fails after something else did stops no process', async () => {
    const failing = async () => {
      throw new Error('too late')
    }
    const template = { method: 'GET', url, headers: { a: '{{failing}}', b: '{{' } }
    expect((await errorOf(prepare(template, { variables: { failing } }))).code).toBe('EZ_TEMPLATE_INVALID')
    const careless = script((_, context) => {
      void context.variables.failing
      void context.lookup('failing')
    })
    await prepare({ method: 'GET', url, preRequest: [careless] }, { variables: { failing } })
    await new Promise((resolve) => setTimeout(resolve, 5))
  })

  test('a script may ask for a lazy value again while it is being fetched', async () => {
    let calls = 0
    const lazy = async () => `token-${++calls}`
    const asking = script(async (request, context) => {
      const { variables } = context
      const values = await Promise.all([variables.lazy, variables.lazy, context.lookup('also')])
      request.headers.set('x-values', values.join(' '))
    })
    const prepared = await prepare(
      { method: 'GET', url, preRequest: [asking] },
      { variables: { lazy: async () => '{{first}}', first: lazy, also: 'see {{lazy}}' } },
    )
    expect(prepared.headers).toEqual([['x-values', 'token-1 token-1 see token-1']])
  })

  test('a failing lazy value is a coded error without its message’s secrets', async () => {
    const failing = async () => {
      throw new Error('refused s3cr3t-value')
    }
    const error = await errorOf(
      resolvedText('{{secret}}{{failing}}', { variables: { ...variables, failing } }),
    )
    expect(error.code).toBe('EZ_VARIABLE_FAILED')
    expect(String((error.cause as Error).message)).toBe('refused ***')
  })
})

describe('data', () => {
  test('wins over variables, and is literal', async () => {
    const context = {
      variables: { name: 'config', other: '{{name}}' },
      data: { name: '{{other}} {%nonce%}' },
    }
    expect(await resolvedText('{{name}}', context)).toBe('{{other}} {%nonce%}')
  })

  test.each(['{{row}}', 'https://{{row}}/', 'https://{{via}}/', '{{base}}/x'])(
    'may not choose the host: %s',
    async (template) => {
      const context = {
        variables: { via: '{{row}}', base: 'https://{{row}}' },
        data: { row: 'evil.example' },
      }
      expect((await errorOf(prepare({ method: 'GET', url: template }, context))).code).toBe('EZ_URL_HOST')
    },
  )
})

describe('data that is looked into', () => {
  test('is walked through for secrets only where it is used', async () => {
    let walks = 0
    const other = new Proxy({ id: 2 }, { ownKeys: (target) => Reflect.ownKeys(target).slice(0, ++walks) })
    const data = { rows: [{ id: 1 }, other] }
    expect(await resolvedText('{{rows[0].id}}', { data })).toBe('1')
    expect(walks).toBe(0)
  })

  test.each(['{{row}}', '{{row.keys}}', '{{row.keys[0]}}', '{{via}}'])(
    'hides its secrets: %s',
    async (text) => {
      const data = { row: async () => ({ keys: [secret('secret-of-a-row')] }) }
      const context = { variables: { via: 'see {{row.keys}}' }, data }
      const prepared = await prepare({ method: 'POST', url, body: { text } }, context)
      expect(bodyText(prepared)).toContain('secret-of-a-row')
      expect(await everythingShown(prepared)).not.toContain('secret-of')
    },
  )
})

describe('an output at the start of the URL', () => {
  const row = '.evil.example/x'
  const template = (url: string) => ({
    method: 'GET',
    url,
    preRequest: [
      script((_, context) => context.publish('host', 'https://api.example.com')),
      script((_, context) => context.publish('base', 'https://api.example.com/v1/')),
    ],
  })

  test.each(['{%host%}{{row}}', '{%host%}x{{row}}', '{%host%}{{via}}/', '{%host%}{{text}}'])(
    'lets no value go on with the host that may not stand there: %s',
    async (url) => {
      const context = { variables: { via: '{{row}}', text: row }, data: { row } }
      expect((await errorOf(prepare(template(url), context))).code).toBe('EZ_URL_HOST')
    },
  )

  test.each([
    ['{%base%}{{row}}', 'https://api.example.com/v1/.evil.example/x'],
    ['{%host%}{{path}}', 'https://api.example.com/v2/a%20b'],
    ['{{known}}{{path}}', 'https://api.example.com/v2/a%20b'],
    ['{{known}}{{path}}ü|/^', 'https://api.example.com/v2/a%20b%C3%BC%7C/%5E'],
    ['{%host%}/{{row}}', 'https://api.example.com/.evil.example/x'],
    ['{%host%}:{{port}}/a', 'https://api.example.com:8443/a'],
    ['{%host%}?q={{row}}', 'https://api.example.com/?q=.evil.example%2Fx'],
  ])('goes on with the path, a port or the query: %s', async (url, expected) => {
    const variables = { port: 8443, path: '/v2/a b', known: 'https://api.example.com' }
    expect((await prepare(template(url), { variables, data: { row } })).url).toBe(expected)
  })
})

test('what stands before "://" is a scheme', async () => {
  const variables = { scheme: 'http', base: 'https://api.example.com/v1' }
  expect((await prepare({ method: 'GET', url: '{{scheme}}://a.example/' }, { variables })).url).toBe(
    'http://a.example/',
  )
  expect((await errorOf(prepare({ method: 'GET', url: '{{base}}://ü|' }, { variables }))).code).toBe(
    'EZ_URL_HOST',
  )
})

test('a name that is missing in one place twice is told once', async () => {
  const error = await errorOf(prepare({ method: 'GET', url: '{{base}}/?a={{base}}&b={{other}}' }))
  expect(error.details.missing).toEqual([
    { name: 'base', place: 'url', nearest: undefined },
    { name: 'other', place: 'url', nearest: undefined },
  ])
  const late = await errorOf(prepare({ method: 'GET', url: `${url}{%a%}{%a%}?b={%b%}` }))
  expect(late.details.missing).toEqual([
    { name: 'a', place: 'url' },
    { name: 'b', place: 'url' },
  ])
})

describe('a missing name', () => {
  const variables = {
    config: { host: 'a.example', 'spaced key': [{ name: 'n' }], nothing: undefined },
    flat_name: 'f',
    list: ['zero'],
    key: secret('s3cr3t-value'),
  }

  test.each([
    ['confg.host', 'config.host'],
    ['config.hots', 'config.host'],
    ['config["spaced ky"][0].name', 'config["spaced key"][0].name'],
    ['config["spaced key"][0].nme', 'config["spaced key"][0].name'],
    ['flat.name', 'flat_name'],
    ['config.nothing', undefined],
    ['list[1]', undefined],
    ['key.allowedInScripts', undefined],
    ['list.lenght', undefined],
  ])('is told with the nearest path: %s', async (name, nearest) => {
    const { code, details, message } = await errorOf(resolvedText(`{{${name}}}`, { variables }))
    expect(code).toBe('EZ_VARIABLE_MISSING')
    expect(details.missing).toEqual([{ name, place: 'body.text', nearest }])
    expect(message.includes('did you mean')).toBe(nearest !== undefined)
  })

  test('is told in lower case with its header, and with the URL as the place', async () => {
    const headers = { Authorization: '{{confg}}' }
    const error = await errorOf(prepare({ method: 'GET', url: `${url}{{zz}}`, headers }, { variables }))
    expect(error.message).toContain(
      '{{zz}} in url; {{confg}} in headers.authorization (did you mean {{config}}?).',
    )
  })

  test('is told without the nearest one after fifty of them', async () => {
    const known = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`name_${index}_`, 1]))
    const text = Array.from({ length: 60 }, (_, index) => `{{nmae_${index}_}}`).join('')
    const { details } = await errorOf(resolvedText(text, { variables: known }))
    const missing = details.missing as { nearest?: string }[]
    expect(missing).toHaveLength(60)
    expect(missing.filter(({ nearest }) => nearest !== undefined)).toHaveLength(50)
  })
})

describe('no value is ever parsed for tokens', () => {
  const planted = fc.constantFrom(
    '{{password}}',
    '{%secret_key%}',
    '\\{{password}}',
    '{{{password}}}',
    '{{ password | default("x") }}',
  )
  const value = fc.tuple(fc.string(), planted, fc.string()).map((parts) => parts.join(''))

  test('in data, outputs, and what scripts write', async () => {
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom('data', 'outputs', 'publish', 'write'), async (text, from) => {
        const printable = text.replace(/[^\x20-\x7e]/g, '').trim()
        const template: RequestTemplate = {
          method: 'POST',
          url:
            from === 'data' ? `${url}{{row}}?a={{row}}` : from === 'write' ? url : `${url}x{%row%}?a={%row%}`,
          headers: from === 'write' ? {} : { 'x-row': from === 'data' ? '{{row}}' : '{%row%}' },
          body: {
            json:
              from === 'data' ? ['{{row}}', 'a{{row}}b'] : from === 'write' ? [] : ['{%row%}', 'a{%row%}b'],
          },
          preRequest: [
            script((request, context) => {
              context.publish('secret_key', 'leaked-output')
              if (from === 'publish') context.publish('row', printable)
              if (from !== 'write') return
              request.headers.set('x-row', printable)
              request.query.append('a', printable)
              request.setBody({ json: [printable] })
            }),
          ],
        }
        const prepared = await prepare(template, {
          clock,
          variables: { password: 'leaked-variable' },
          data: from === 'data' ? { row: printable } : {},
          outputs: from === 'outputs' ? { row: printable } : {},
        }).catch((error: { code: string }) => {
          // A row of dots alone would be another path, and is refused.
          expect(error.code).toBe('EZ_URL_NOT_SENDABLE')
        })
        if (!prepared) return
        const sent = `${decodeURIComponent(prepared.url)}\n${JSON.stringify(prepared.headers)}\n${bodyText(prepared)}`
        expect(sent).not.toContain('leaked-')
        expect(prepared.headers).toContainEqual(['x-row', printable])
        expect(JSON.parse(bodyText(prepared))[0]).toBe(printable)
      }),
      { numRuns: 300 },
    )
  })
})

describe('what a variable may do to a URL', () => {
  test('in the path it keeps its slashes and adds nothing else; in the query it is a name or a value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        if (!text.isWellFormed()) return
        const prepared = await prepare(
          { method: 'GET', url: `${url}p/x{{v}}y?a={{v}}&{{v}}=b` },
          { variables: { v: secret(text) } },
        )
        const parsed = new URL(prepared.url)
        expect(parsed.host).toBe('api.example.com')
        expect(parsed.href).toBe(prepared.url)
        expect(parsed.hash).toBe('')
        expect(decodeURIComponent(parsed.pathname)).toBe(`/p/x${text}y`)
        expect([...parsed.searchParams]).toEqual([
          ['a', text],
          [text, 'b'],
        ])
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, Record<string, unknown>, string]>([
    [
      '{{base}}/orders',
      { base: 'https://API.example.com:8443/v1' },
      'https://api.example.com:8443/v1/orders',
    ],
    ['{{base}}/orders', { base: 'https://api.example.com' }, 'https://api.example.com/orders'],
    ['{{base}}', { base: 'http://localhost:80' }, 'http://localhost/'],
    ['{{base}}v2', { base: 'https://api.example.com/' }, 'https://api.example.com/v2'],
    [
      '{{scheme}}://{{host}}:{{port}}/',
      { scheme: 'http', host: 'a-b.example', port: 81 },
      'http://a-b.example:81/',
    ],
    ['https://{{host}}', { host: 'api.example.com:443' }, 'https://api.example.com/'],
    ['https://{{host}}/', { host: 'api.example.com/evil' }, 'EZ_URL_HOST'],
    ['https://{{host}}/', { host: 'user@evil.example' }, 'EZ_URL_HOST'],
    ['https://{{host}}/', { host: 'evil.example?' }, 'EZ_URL_HOST'],
    ['https://{{host}}/', { host: 'evil.example#' }, 'EZ_URL_HOST'],
    ['https://{{host}}/', { host: 'evil.example\\' }, 'EZ_URL_HOST'],
    ['https://{{host}}/', { host: '' }, 'EZ_URL_HOST'],
    ['{{base}}/x', { base: 'https://user:pass@evil.example' }, 'EZ_URL_HOST'],
    ['{{base}}/x', { base: 'https://evil.example?' }, 'EZ_URL_HOST'],
    ['{{base}}/x', { base: 'javascript:alert(1)' }, 'EZ_URL_HOST'],
    ['{{base}}/x', { base: 'ftp://evil.example' }, 'EZ_URL_INVALID'],
    ['https://api.example.com/{{path}}', { path: '../x' }, 'EZ_URL_NOT_SENDABLE'],
    ['https://api.example.com/a/{{path}}', { path: '.' }, 'EZ_URL_NOT_SENDABLE'],
    [
      'https://api.example.com/{{path}}',
      { path: 'a b/ü?#%2F' },
      'https://api.example.com/a%20b/%C3%BC%3F%23%252F',
    ],
  ])('%s with %j', async (template, variables, expected) => {
    const prepared = prepare({ method: 'GET', url: template }, { variables })
    if (expected.startsWith('EZ_')) expect((await errorOf(prepared)).code).toBe(expected)
    else expect((await prepared).url).toBe(expected)
  })

  test('allowedHosts bounds all of them', async () => {
    const allowedHosts = ['api.example.com', '*.netsuite.com', 'localhost:8080']
    for (const [host, allowed] of [
      ['api.example.com', true],
      ['x.netsuite.com', true],
      ['netsuite.com', false],
      ['localhost:8080', true],
      ['localhost', false],
      ['evil.example', false],
    ] as const) {
      const prepared = prepare(
        { method: 'GET', url: 'https://{{host}}/' },
        { variables: { host }, allowedHosts },
      )
      if (allowed) expect((await prepared).url).toBe(`https://${host}/`)
      else expect((await errorOf(prepared)).code).toBe('EZ_HOST_NOT_ALLOWED')
    }
  })
})
