import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EzError, maskResponse, prepare, secret, signRequest, type TraceStep } from '../../src/index.ts'
import { Mask } from '../../src/masking/mask.ts'
import { errorOf, everythingShown, headerSigner, script } from '../support/support.ts'

const url = 'https://api.example.com/'
const digits = (length: number): string => {
  let text = ''
  for (let index = 0; text.length < length; index += 1)
    text += createHash('sha256').update(String(index)).digest('base64')
  return text.slice(0, length)
}

describe('every way of writing a secret', () => {
  const value = 'pa"ss wörd\n+k/y~*(1)\\<&\'>'
  const json = JSON.stringify({ p: value })
  const form = (text: string): string => new URLSearchParams({ f: text }).toString()
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  test.each<[string, string]>([
    ['raw', value],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json)],
    ['JSON in JSON in JSON', JSON.stringify(JSON.stringify(json))],
    ['JSON as PHP writes it', json.replaceAll('/', '\\/').replaceAll('ö', '\\u00f6')],
    [
      'JSON as .NET and Go write it',
      json.replace(
        /[+&<>'ö]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
      ),
    ],
    ['a form', form(value)],
    ['a form in lower-case hex', form(value).replace(/%../g, (triplet) => triplet.toLowerCase())],
    ['JSON in a form', form(json)],
    ['a form in JSON', JSON.stringify(form(value))],
    ['a form in a form', form(form(value))],
    ['encodeURIComponent, twice', encodeURIComponent(encodeURIComponent(value))],
    ['hex', Buffer.from(value).toString('hex').toUpperCase()],
    ['base64', `Basic ${base64(`user:${value}`)}`],
    ['base64 in a query', `?a=${encodeURIComponent(base64(value))}`],
    ['base64 for URLs', Buffer.from(`xy${value}`).toString('base64url')],
    ['base64 of JSON', base64(json)],
    ['in upper case', value.toUpperCase()],
  ])('%s', (_, text) => {
    const shown = new Mask([value]).apply(`before ${text} after`)
    expect(shown).toMatch(/^before .*\*\*\*.* after$/s)
    expect(shown.length).toBeLessThan(`before ${text} after`.length - value.length + 10)
    // Nothing of it is left, however often it is read.
    for (let read = shown, count = 0; count < 4; count += 1) {
      expect(read).not.toMatch(/ss.?w|k.?y~/i)
      read = decodeURIComponent(read).replace(/\\(.)/g, '$1')
    }
  })

  test('is found between any texts, and nothing beyond them is hidden', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab%25\\"n+ -/u0041é😀') }),
        fc.string({ unit: fc.constantFrom(...'xy%25\\"n+ -/u0041é😀'), minLength: 6 }),
        fc.string({ unit: fc.constantFrom(...'cd%25\\"n+ -/u0041é😀') }),
        (before, value, after) => {
          const mask = new Mask([value])
          for (const write of [String, encodeURIComponent, (text: string) => JSON.stringify(text)]) {
            const shown = mask.apply(write(`<<${before}${value}${after}>>`))
            expect(shown).toContain('***')
            expect(shown).toMatch(/^"?(<<|%3C%3C)/)
            expect(shown).toMatch(/(>>|%3E%3E)"?$/)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('overlapping secrets are both hidden', () => {
    expect(new Mask(['id=acme', 'acme-prod-key-77']).apply('Key id=acme-prod-key-77.')).toBe('Key ***.')
  })

  test('a host is hidden as it is sent; the first part of a key that holds a slash is no host', () => {
    expect(new Mask(['geheimnis-ü.example.com']).apply('https://xn--geheimnis--jeb.example.com/a')).toBe(
      'https://***/a',
    )
    expect(new Mask(['orders/K7MDENG+bPx']).apply('GET /orders orders/K7MDENG%2BbPx')).toBe('GET /orders ***')
  })

  test('a short one is hidden as a whole value only', () => {
    const mask = new Mask(['1234'])
    expect(mask.apply('x-pin: 1234\n{"pin":"1234","n":91234} pin=1234&b=12345 1234')).toBe(
      'x-pin: ***\n{"pin":"***","n":91234} pin=***&b=12345 1234',
    )
  })
})

test.each([16_384, 100_000])('a secret of %i characters is masked, and told by no error', async (length) => {
  const variables = { key: secret(digits(length)) }
  const logged: TraceStep[] = []
  const prepared = await prepare(
    { method: 'POST', url, body: { text: 'a {{key}} b' } },
    { variables, log: (entry) => logged.push(entry) },
  )
  const shown = `${await everythingShown(prepared)}${JSON.stringify(logged)}`
  expect(shown).toContain('a *** b')
  for (let at = 0; at + 40 <= length; at += 997)
    expect(shown).not.toContain(digits(length).slice(at, at + 40))
  expect((await errorOf(prepare({ method: 'GET', url: '{{none}}' }, { variables }))).code).toBe(
    'EZ_VARIABLE_MISSING',
  )
})

test('what a trace shows of a body ends at the same byte, whatever is masked in it', async () => {
  for (const length of [40, 200, 860]) {
    const value = digits(length)
    const rows = Array.from({ length: 60 }, (_, id) => ({ id, token: '{{token}}' }))
    const prepared = await prepare(
      { method: 'POST', url, body: { json: rows } },
      { variables: { token: secret(value) } },
    )
    expect(await everythingShown(prepared)).not.toContain(value.slice(0, 12))
  }
  const shownOf = async (variables: Record<string, unknown>): Promise<string> =>
    (await prepare({ method: 'POST', url, body: { text: 'ü'.repeat(2000) } }, { variables })).trace.at(-1)
      ?.value as string
  expect(await shownOf({ unused: secret(digits(300)) })).toBe(await shownOf({}))
  expect(await shownOf({})).toMatch(/\n(ü{512})…$/)
})

describe('what is sensitive by its name', () => {
  const headers = { authorization: 'Bearer abcdefgh-1234', cookie: 'sid=qwertyuiop' }
  const values = ['abcdefgh-1234', 'qwertyuiop', 'Atza|plain-token', 'abc/def+ghijkl==', 'presigned-1234']

  test('is masked in the error of a step, its trace and the log', async () => {
    const failing = {
      ...headerSigner('x-a'),
      sign: (request: { headers: unknown; url: string }) => {
        throw new Error(`cannot sign ${JSON.stringify(request.headers)} ${request.url}`)
      },
    }
    const setting = script((request, context) => {
      request.query.set('X-Amz-Security-Token', 'abc/def+ghijkl==')
      request.headers.set('x-amz-access-token', 'Atza|plain-token')
      context.log('done')
    })
    const presigning = {
      specVersion: 1 as const,
      id: 'presigning',
      writes: { headers: [], query: ['X-Amz-Signature'] },
      sign: () => ({
        patch: { headers: {}, query: [['X-Amz-Signature', 'presigned-1234']] as [string, string][] },
        trace: [{ id: 'signature', value: 'presigned-1234' }],
      }),
    }
    const logged: TraceStep[] = []
    const error = await errorOf(
      prepare(
        { method: 'GET', url, headers, preRequest: [setting, presigning, failing] },
        { log: (entry) => logged.push(entry) },
      ),
    )
    expect(error.code).toBe('EZ_SIGNER_FAILED')
    const told = [error.message, error.stack, String(error.cause), JSON.stringify(error.trace)]
    for (const value of values) expect([...told, JSON.stringify(logged)].join('\n')).not.toContain(value)
  })

  test('is masked in the error of a script that read or wrote it', async () => {
    const failing = script((request) => {
      request.headers.set('cookie', 'sid=written-by-script')
      throw new Error(`no: ${request.headers.get('authorization')} ${request.headers.get('cookie')}`)
    })
    const error = await errorOf(prepare({ method: 'GET', url, headers, preRequest: [failing] }))
    expect(error.message).toBe('script: the script failed: no: *** ***')
  })
})

test('a short secret is masked in the patch of a signer, and in what a script logs, publishes and sets', async () => {
  const signer = headerSigner('x-api-key', '12345')
  const pinned = script((request, context) => {
    context.log({ pin: secret('1234') } as unknown as string)
    context.publish('credentials', { pin: secret('1234') })
    request.query.set('pin', secret('1234'))
  })
  const prepared = await prepare(
    {
      method: 'POST',
      url,
      body: { json: { pin: '{{pin}}', out: '{%credentials%}' } },
      preRequest: [pinned, signer],
    },
    { variables: { pin: secret('1234'), key: secret('12345') } },
  )
  expect(await everythingShown(prepared)).not.toMatch(/1234/)
})

describe('what cannot be read', () => {
  const hostile = {
    get token(): string {
      throw new Error('the vault is down')
    },
    deep: secret('planted-secret'),
  }
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()

  test('leaves a trace and a coded error', async () => {
    const variables = { hostile, revoked: revoked.proxy, host: 'api.example.com' }
    const logged: TraceStep[] = []
    const prepared = await prepare(
      { method: 'GET', url: 'https://{{host}}/planted-secret' },
      { variables, log: (entry) => logged.push(entry) },
    )
    expect(await everythingShown(prepared)).not.toContain('planted-secret')
    expect((await errorOf(prepare({ method: 'GET', url: '{{none}}' }, { variables }))).code).toBe(
      'EZ_VARIABLE_MISSING',
    )
  })

  test.each<[string, unknown]>([
    ['details', new EzError('EZ_X', 'm', { details: hostile })],
    ['no error, but branded as one', { [Symbol.for('@ez/core.error')]: true, code: 'EZ_X' }],
    [
      'a function among details',
      new EzError('EZ_X', 'm', { details: { run: Object.assign(() => {}, { a: 'planted-secret' }) } }),
    ],
  ])('thrown: %s', async (_, thrown) => {
    const failing = script(() => {
      throw thrown
    })
    const error = await errorOf(
      prepare({ method: 'GET', url, preRequest: [failing] }, { variables: { a: secret('planted-secret') } }),
    )
    expect(EzError.isInstance(error)).toBe(true)
    expect(JSON.stringify(error.details)).not.toContain('planted-secret')
  })
})

test('a response is masked in whatever way the server writes JSON', async () => {
  const prepared = await signRequest(
    { method: 'GET', url, headers: { authorization: 'Token ab+cd/ef<gh' } },
    [],
  )
  const body = new TextEncoder().encode(
    String.raw`{"a":"Token ab+cd\/ef<gh","b":"Token ab\u002Bcd/ef\u003cgh"}`,
  )
  expect(new TextDecoder().decode(maskResponse({ status: 403, headers: [], body }, prepared).body)).toBe(
    '{"a":"***","b":"***"}',
  )
})
