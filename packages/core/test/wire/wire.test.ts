import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { prepare, type RequestTemplate, signRequest } from '../../src/index.ts'
import { bodyText, errorOf, headerSigner } from '../support/support.ts'

const url = 'https://api.example.com/'
const outcome = async (
  template: Partial<RequestTemplate>,
): Promise<string | Awaited<ReturnType<typeof prepare>>> =>
  prepare({ method: 'GET', url, ...template }).catch((error: { code: string }) => error.code)

describe('the URL', () => {
  test.each<[string, string]>([
    ['HTTPS://API.Example.COM:443/A', 'https://api.example.com/A'],
    ['http://api.example.com:80', 'http://api.example.com/'],
    ['https://bücher.example/ü?ü', 'https://xn--bcher-kva.example/%C3%BC?%C3%BC'],
    [
      'https://api.example.com/a b"<>\\^`{|}[]',
      'https://api.example.com/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D',
    ],
    [`https://api.example.com/it's(1)!*,;=:@&+$~`, `https://api.example.com/it's(1)!*,;=:@&+$~`],
    [
      `https://api.example.com/?it's=[1]|^\`"<> {}&b=/?:@`,
      'https://api.example.com/?it%27s=%5B1%5D%7C%5E%60%22%3C%3E%20%7B%7D&b=/?:@',
    ],
    ['https://api.example.com/%7Ea%2f%41?%7e=%2B+', 'https://api.example.com/%7Ea%2f%41?%7e=%2B+'],
    ['https://api.example.com//a//b/', 'https://api.example.com//a//b/'],
    ['https://api.example.com?a=1#fragment', 'https://api.example.com/?a=1'],
    ['https://api.example.com/?', 'https://api.example.com/'],
    ['https://api.example.com/?flag&a=&=b&a=2&a=1', 'https://api.example.com/?flag&a=&=b&a=2&a=1'],
    ['https://api.example.com/?x=/../y', 'https://api.example.com/?x=/../y'],
    ['https://api.example.com/..a/.b/c.', 'https://api.example.com/..a/.b/c.'],
    ['https://[::1]:8443/', 'https://[::1]:8443/'],
    ['https://api.example.com/\n\t', 'https://api.example.com/%0A%09'],
    ['https://api.example.com/a%', 'EZ_URL_NOT_SENDABLE'],
    ['https://api.example.com/?a=%zz', 'EZ_URL_NOT_SENDABLE'],
    ['https://api.example.com/a/../b', 'EZ_URL_NOT_SENDABLE'],
    ['https://api.example.com/a/%2E%2e/b', 'EZ_URL_NOT_SENDABLE'],
    ['https://api.example.com/.', 'EZ_URL_NOT_SENDABLE'],
    ['https://user:pass@api.example.com/', 'EZ_URL_NOT_SENDABLE'],
    ['https://api.example.com/\ud800', 'EZ_URL_NOT_SENDABLE'],
    ['/relative', 'EZ_URL_INVALID'],
    ['api.example.com/x', 'EZ_URL_INVALID'],
    ['ftp://api.example.com/', 'EZ_URL_INVALID'],
    ['https://', 'EZ_URL_INVALID'],
    ['https://a b/', 'EZ_URL_INVALID'],
    ['https://api.example.com\\@evil.example/', 'EZ_URL_NOT_SENDABLE'],
  ])('%s', async (from, to) => {
    const result = await outcome({ url: from })
    expect(typeof result === 'string' ? result : result.url).toBe(to)
    if (typeof result !== 'string') expect(result.toRequest().url).toBe(to)
    // A concrete request takes the same way.
    const concrete = await signRequest({ method: 'GET', url: from }, []).catch(
      (error: { code: string }) => error.code,
    )
    expect(typeof concrete === 'string' ? concrete : concrete.url).toBe(to)
  })

  test('query pairs follow the URL’s own, in order, repeated, with typed values', async () => {
    const result = await prepare({
      method: 'GET',
      url: `${url}?own=1`,
      query: [['a b', 'c&d=e+f'], ['n', 1], ['b', true], ['none', undefined], ['null', null], ['a b', "it's/ü*()!~"]],
    }) // biome-ignore format: a table
    expect(result.url).toBe(
      `${url}?own=1&a%20b=c%26d%3De%2Bf&n=1&b=true&null=null&a%20b=it%27s%2F%C3%BC%2A%28%29%21~`,
    )
    expect([...new URL(result.url).searchParams].at(-1)).toEqual(['a b', "it's/ü*()!~"])
  })

  test('whatever the text, the URL is what fetch sends, or it is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (path, query) => {
        const literal = (text: string) => text.replace(/[{\\]/g, '')
        const result = await outcome({ url: `${url}${literal(path)}?${literal(query)}` })
        if (typeof result === 'string') expect(result).toMatch(/^EZ_URL_/)
        else expect(new URL(result.url).href).toBe(result.url)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('headers', () => {
  test('have lower-case names, trimmed values, and repeated names joined as fetch joins them', async () => {
    const result = await prepare({
      method: 'GET',
      url,
      headers: [['X-A', ' 1 '], ['Cookie', 'a=b'], ['x-a', '\t2'], ['Empty', ''], ['cookie', 'c=d']],
    }) // biome-ignore format: a table
    expect(result.headers).toEqual([
      ['x-a', '1, 2'],
      ['cookie', 'a=b; c=d'],
      ['empty', ''],
    ])
    expect(result.toRequest().headers.get('x-a')).toBe('1, 2')
  })

  test.each<[string, string, string]>([
    ['x-a', 'b\r\nInjected: 1', 'EZ_HEADER_INVALID'],
    ['x-a', 'b\n', 'EZ_HEADER_INVALID'],
    ['x-a', 'ü', 'EZ_HEADER_INVALID'],
    ['x-a', 'a\u0000', 'EZ_HEADER_INVALID'],
    ['x-a', 'a\tb', 'EZ_HEADER_INVALID'],
    ['x a', 'b', 'EZ_HEADER_INVALID'],
    ['', 'b', 'EZ_HEADER_INVALID'],
    ['x:a', 'b', 'EZ_HEADER_INVALID'],
    ['Host', 'evil.example', 'EZ_HEADER_NOT_SENDABLE'],
    ['Connection', 'close', 'EZ_HEADER_NOT_SENDABLE'],
    ['Transfer-Encoding', 'chunked', 'EZ_HEADER_NOT_SENDABLE'],
    ['Expect', '100-continue', 'EZ_HEADER_NOT_SENDABLE'],
    ['Content-Length', '3', 'EZ_HEADER_NOT_SENDABLE'],
    ['Sec-Fetch-Mode', 'navigate', 'EZ_HEADER_NOT_SENDABLE'],
    ['__proto__', 'a', 'EZ_HEADER_NOT_SENDABLE'],
  ])('%s: %j is refused', async (name, value, code) => {
    const headers = [[name, value]] as const
    expect((await errorOf(prepare({ method: 'POST', url, headers, body: { text: 'four' } }))).code).toBe(code)
  })

  test('a true content-length may stand', async () => {
    const prepared = await prepare({
      method: 'POST',
      url,
      headers: { 'content-length': '4' },
      body: { text: 'four' },
    })
    expect(prepared.headers).toContainEqual(['content-length', '4'])
  })

  test.each<[string, RequestTemplate['body'], boolean]>([
    ['GET', undefined, false],
    ['DELETE', undefined, false],
    ['DELETE', { text: '' }, false],
    ['PATCH', undefined, false],
    ['POST', undefined, true],
    ['PUT', { bytes: new Uint8Array() }, true],
  ])('the content-length of an empty body: %s with %j', async (method, body, sent) => {
    const template = { method, headers: { 'content-length': '0' }, ...(body ? { body } : {}) }
    const result = await outcome(template)
    expect(typeof result === 'string' ? result : 'sent').toBe(sent ? 'sent' : 'EZ_HEADER_NOT_SENDABLE')
  })

  test('accept-encoding beside range is refused, also when a signer writes it', async () => {
    const headers = { range: 'bytes=0-9' }
    expect(await outcome({ headers: { ...headers, 'accept-encoding': 'identity' } })).toBe(
      'EZ_HEADER_NOT_SENDABLE',
    )
    const signer = headerSigner('accept-encoding', 'gzip')
    expect(await outcome({ headers, preRequest: [signer] })).toBe('EZ_HEADER_NOT_SENDABLE')
    expect(await outcome({ headers })).not.toBeTypeOf('string')
  })

  test('a message names the header and never its value', async () => {
    expect(
      (await errorOf(prepare({ method: 'GET', url, headers: { 'x-a': 'sécret' } }))).message,
    ).not.toContain('cret')
  })
})

describe('bodies', () => {
  const bytes = new Uint8Array([0, 255, 128, 10])
  test.each<[string, RequestTemplate['body'], string, string]>([
    [
      'json',
      { json: { a: [1, null, true, 'ü"\\\n', undefined, { b: 1n }], u: undefined } },
      'application/json',
      '{"a":[1,null,true,"ü\\"\\\\\\n",null,{"b":1}]}',
    ],
    ['json of a date', { json: new Date(0) }, 'application/json', '"1970-01-01T00:00:00.000Z"'],
    [
      'form',
      {
        form: [
          ['a b', 'c&d'],
          ['n', 1],
          ['u', undefined],
          ['a b', '+ü'],
        ],
      },
      'application/x-www-form-urlencoded',
      'a%20b=c%26d&n=1&a%20b=%2B%C3%BC',
    ],
    ['text', { text: 'plain ü' }, 'text/plain;charset=UTF-8', 'plain ü'],
  ])('%s', async (_, body, contentType, text) => {
    const prepared = await prepare({ method: 'POST', url, ...(body ? { body } : {}) })
    expect(prepared.headers).toEqual([['content-type', contentType]])
    expect(bodyText(prepared)).toBe(text)
    expect(prepared.toRequest().headers.get('content-type')).toBe(contentType)
  })

  test('bytes are bytes, and the input stays what it was', async () => {
    const given = bytes.slice()
    const prepared = await prepare({
      method: 'PUT',
      url,
      headers: { 'content-type': 'image/png' },
      body: { bytes: given },
    })
    expect(new Uint8Array(await prepared.toRequest().arrayBuffer())).toEqual(bytes)
    expect(prepared.headers).toEqual([['content-type', 'image/png']])
    expect(given).toEqual(bytes)
  })

  test('multipart is read back by another parser', async () => {
    const prepared = await prepare({
      method: 'POST',
      url,
      body: { multipart: [{ name: 'a"b', value: 'text ü' }, { name: 'file', value: bytes, filename: 'ü "1".bin', contentType: 'image/png' }] },
    }, { nonce: () => 'N0nce-!' }) // biome-ignore format: a table
    expect(prepared.headers).toEqual([['content-type', 'multipart/form-data; boundary=ez-N0nce']])
    const form = await prepared.toRequest().formData()
    const file = form.get('file') as File
    expect([...form.keys()]).toEqual(['a"b', 'file'])
    expect([file.name, file.type, new Uint8Array(await file.arrayBuffer())]).toEqual([
      'ü "1".bin',
      'image/png',
      bytes,
    ])
  })

  test('a stream is read anew for each attempt', async () => {
    let opened = 0
    const template: RequestTemplate = {
      method: 'PUT',
      url,
      body: { stream: () => { opened += 1; return new Blob(['abc']).stream() }, length: 3 },
    } // biome-ignore format: one line
    for (const attempt of [1, 2]) {
      const prepared = await prepare(template)
      expect(prepared.bodyLength).toBe(3)
      expect(await prepared.toRequest().text()).toBe('abc')
      expect(opened).toBe(attempt)
    }
  })

  const cyclic: Record<string, unknown> = {}
  cyclic.self = [cyclic]
  test.each<[string, RequestTemplate['body'], string]>([
    ['NaN', { json: { a: [0, Number.NaN] } }, 'body.json.a[1]'],
    ['Infinity', { json: -Infinity }, 'body.json'],
    ['a function', { json: { f: () => 1 } }, 'body.json.f'],
    ['a symbol', { json: [Symbol('x')] }, 'body.json[0]'],
    ['a cycle', { json: cyclic }, 'body.json.self[0]'],
    ['a map', { json: new Map() }, 'body.json'],
    ['binary in JSON', { json: { b: bytes } }, 'body.json.b'],
    ['half a surrogate pair', { text: '\ud800' }, 'body'],
    ['no known kind', {} as never, 'body'],
    ['a stream that is no function', { stream: new ReadableStream() } as never, 'body.stream'],
  ])('%s is EZ_BODY_INVALID with its place', async (_, body, place) => {
    const error = await errorOf(prepare({ method: 'POST', url, ...(body ? { body } : {}) }))
    expect(error.code).toBe('EZ_BODY_INVALID')
    expect(error.message.startsWith(`${place}: `)).toBe(true)
  })

  test.each(['GET', 'head'])('with %s is refused', async (method) => {
    expect(await outcome({ method, body: { text: '' } })).toBe('EZ_BODY_NOT_SENDABLE')
  })

  test('JSON is what JSON.stringify writes', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (json) => {
        // As a variable's value it may hold braces, which are no tokens there.
        const prepared = await prepare(
          { method: 'POST', url, body: { json: '{{json}}' } },
          { data: { json } },
        )
        expect(bodyText(prepared)).toBe(JSON.stringify(json))
      }),
    ))
})

test.each(['CONNECT', 'TRACE', 'G T', ''])('method %j is refused', async (method) => {
  expect(await outcome({ method })).toBe('EZ_METHOD_INVALID')
})

test('a path that begins with two slashes is refused where the runtime sends one', async () => {
  const two = await prepare({ method: 'GET', url: `${url}/a` })
  const one = await prepare({ method: 'GET', url: `${url}a//b?c=//` })
  expect(two.toRequest().url).toBe(`${url}/a`)
  vi.stubGlobal('Bun', {})
  expect(() => two.toRequest()).toThrow(expect.objectContaining({ code: 'EZ_URL_NOT_SENDABLE' }))
  expect(one.toRequest().url).toBe(`${url}a//b?c=//`)
  vi.unstubAllGlobals()
})

test('a sealed request and its parts cannot be changed', async () => {
  const prepared = await prepare({ method: 'GET', url, headers: { a: 'b' }, preRequest: [headerSigner()] })
  expect(
    Object.isFrozen(prepared) && Object.isFrozen(prepared.headers) && prepared.headers.every(Object.isFrozen),
  ).toBe(true)
})
