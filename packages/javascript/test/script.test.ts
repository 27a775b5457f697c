import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EzError, prepare } from '@ez/core'
import { javascriptScript } from '@ez/javascript'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, logOf, run, shown } from './support.ts'

describe('the two styles', () => {
  test('plain code, sloppy and with top-level await', async () => {
    const prepared = await run("late = await Promise.resolve('x'); request.headers.set('x-a', late)")
    expect(prepared.headers).toContainEqual(['x-a', 'x'])
  })

  test('a module with a default export', async () => {
    const prepared = await run(
      "const name = 'x-a'\nexport default async (request, context) => { request.headers.set(name, await context.nonce()) }",
    )
    expect(prepared.headers).toContainEqual(['x-a', 'NonceOfTheAttempt'])
  })

  test('a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ez-javascript-')), 'own.js')
    writeFileSync(file, '\n\nnull.x')
    const failed = prepare({
      method: 'GET',
      url: 'https://a.example/',
      preRequest: [javascriptScript({ file })],
    })
    await expect(failed).rejects.toMatchObject({
      code: 'EZ_SCRIPT_FAILED',
      message: expect.stringContaining('own.js: line 3: TypeError'),
      details: { file: 'own.js', line: 3 },
    })
  })
})

describe('the request', () => {
  test('method, URL, query and headers can be edited', async () => {
    const prepared = await run(`
      request.method = 'put'
      request.url = 'https://other.example/b'
      request.query.append('q', '2')
      request.query.set('r', 'a b')
      request.headers.append('x-a', '1')
      request.headers.append('x-a', '2')
      request.headers.set('x-b', request.headers.get('X-A') + request.headers.has('none') + request.query.get('q'))
      request.headers.delete('content-type')
    `)
    expect(prepared.method).toBe('PUT')
    expect(prepared.url).toBe('https://other.example/b?q=1&q=2&r=a%20b')
    expect(prepared.headers).toContainEqual(['x-a', '1, 2'])
    expect(prepared.headers).toContainEqual(['x-b', '1, 2false1'])
  })

  test.each([
    ["{ json: { z: 1, a: ['é', null, 1.5, '\\0'] } }", '{"z":1,"a":["é",null,1.5,"\\u0000"]}'],
    ["{ text: 'a\\0é' }", 'a\0é'],
    ["{ form: { a: 'b c', d: undefined, e: 1 } }", 'a=b%20c&e=1'],
    ["{ form: [['a', '1'], ['a', '2']] }", 'a=1&a=2'],
    ["{ bytes: new TextEncoder().encode('xyz').subarray(1) }", 'yz'],
  ])('the body as %s', async (body, expected) => {
    const prepared = await run(`request.setBody(${body})`)
    expect(new TextDecoder().decode(prepared.body as Uint8Array)).toBe(expected)
  })

  test('a multipart body', async () => {
    const prepared = await run(
      "request.setBody({ multipart: [{ name: 'a', value: 'b' }, { name: 'f', filename: 'x.bin', contentType: 'a/b', value: new Uint8Array([104, 105]) }] })",
    )
    const text = new TextDecoder().decode(prepared.body as Uint8Array)
    expect(text).toContain(
      'name="f"; filename="x.bin"\r\nContent-Type: a/b\r\n\r\nhi'.replace('Content-Type', 'content-type'),
    )
  })

  test('no body', async () => {
    expect((await run('request.setBody(null)', { template: { method: 'DELETE' } })).body).toBeNull()
  })

  test('is read in wire form, and closed then', async () => {
    const prepared = await run(`
      console.log(request.body.text(), request.body.json().a, request.body.bytes().length, request.resolved().url)
      request.headers.set('x-later', 'yes')
    `)
    expect(logOf(prepared)).toEqual(['{"a":1} 1 7 https://api.example.com/a?q=1'])
    expect(prepared.headers).toContainEqual(['x-later', 'yes'])
    const late = run("request.body.text(); request.query.set('q', '2')")
    await expect(late).rejects.toMatchObject({ code: 'EZ_CHANGED_AFTER_READ' })
  })

  test('what the script writes is literal', async () => {
    const prepared = await run("request.headers.set('x-a', '{{b}}{%c%}')", {
      context: { variables: { b: 'no' } },
    })
    expect(prepared.headers).toContainEqual(['x-a', '{{b}}{%c%}'])
  })
})

describe('what a script knows', () => {
  test.each<[string, string]>([
    ['Date.now()', String(Date.parse(instant))],
    ['new Date().toISOString()', instant],
    ['new Date(0).toISOString()', '1970-01-01T00:00:00.000Z'],
    ['new Date() instanceof Date, Date.UTC(1970, 0, 1), new Date().constructor === Date', 'true 0 true'],
    ['context.now().toISOString()', instant],
    ['context.nonce()', 'NonceOfTheAttempt'],
    ["context.runtime('today')", '2026-01-02'],
    ['variables.list', '[1,{"a":true}]'],
    ['variables["te" + "xt"], Object.keys(variables)', 'abc ["list","text"]'],
    ['parameters.own', '5'],
    ["crypto.sha1('abc', 'hex')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ["crypto.sha256('abc', 'base64')", 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='],
    ["crypto.hash('md5', '', 'hex')", 'd41d8cd98f00b204e9800998ecf8427e'],
    ["crypto.sha256('abc') instanceof Uint8Array, crypto.sha512('').length", 'true 64'],
    // RFC 4231, test case 2.
    [
      "crypto.hmac('sha256', 'Jefe', 'what do ya want for nothing?', 'hex')",
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    ["crypto.hmac('sha256', crypto.sha1('a'), new Uint8Array(2).buffer).length", '32'],
    ['/^[0-9a-f-]{36}$/.test(crypto.randomUUID())', 'true'],
    ['crypto.getRandomValues(new Uint8Array(40)).some((byte) => byte > 0)', 'true'],
    ['crypto.getRandomValues(new Uint32Array(8).subarray(4)).length', '4'],
    ["btoa('é'.normalize('NFC')), atob('YWI=')", '6Q== ab'],
    ["new TextDecoder().decode(new TextEncoder().encode('a\\0é𝄞'))", 'a\0é𝄞'],
    ...[0, 1, 2, 4, 5, 8, 12].map((length): [string, string] => {
      const target = new Uint8Array(length)
      const ended = new TextEncoder().encodeInto('aé𝄞b', target)
      return [
        `(() => { const target = new Uint8Array(${length}); const ended = new TextEncoder().encodeInto('aé𝄞b', target); return JSON.stringify([ended, ...target]) })()`,
        JSON.stringify([ended, ...target]),
      ]
    }),
    ["new TextDecoder('latin1').decode(new Uint8Array([233]))", 'é'],
    ["new URL('../b?c=d e#f', 'https://A.example:443/x/y').href", 'https://a.example/b?c=d%20e#f'],
    ["URL.canParse('nope'), URL.parse('nope')", 'false null'],
    ["[...new URL('https://a.example/?a=1&b=%20&a=2').searchParams.getAll('a')].join()", '1,2'],
    ["new URLSearchParams({ a: '1 2', é: '+' }).toString()", 'a=1+2&%C3%A9=%2B'],
    [
      "(() => { const a = new URLSearchParams('a=1&a=2&b=1'); a.delete('a', 1); return [a, a.has('a', '1'), a.has('a', 2), a.has('b')].join() })()",
      'a=2&b=1,false,true,true',
    ],
    ["{ a: 1n }, undefined, null, new Error('boo')", '[object Object] undefined null Error: boo'],
  ])('%s', async (expression, expected) => {
    const context = { variables: { list: [1, { a: true }], text: 'abc' } }
    expect(await shown(expression, { context, options: { parameters: { own: 5 } } })).toBe(expected)
  })

  test('a URL that is changed', async () => {
    const changed =
      "(() => { const url = new URL('https://a.example/'); url.searchParams.set('k', 'a b'); url.port = '8443'; url.hash = 'h'; return url })()"
    expect(await shown(`String(${changed})`)).toBe('https://a.example:8443/?k=a+b#h')
  })

  test('a variable that refers to a missing one stops the script that reads it, and no other', async () => {
    const context = { variables: { auth: 'Bearer {{token}}', authority: 'a' } }
    expect(await shown('variables.authority', { context })).toBe('a')
    for (const read of ['variables.auth', 'variables["au" + "th"]'])
      await expect(shown(read, { context })).rejects.toMatchObject({ code: 'EZ_VARIABLE_MISSING' })
  })

  test('only variables that the script names are resolved', async () => {
    let calls = 0
    const variables = {
      costly: () => {
        calls += 1
        return String(calls)
      },
      late: async () => 'fetched',
    }
    expect(await shown('variables.late, variables["cost" + "ly"]', { context: { variables } })).toBe(
      'fetched 1',
    )
    expect(await shown('1', { context: { variables } })).toBe('1')
    expect(calls).toBe(1)
  })

  test('outputs fill the template, typed', async () => {
    const prepared = await run("publish('list', [1, 'b']); publish('signature', 's')", {
      template: { headers: { authorization: '{%signature%}' }, body: { json: { list: '{%list%}' } } },
    })
    expect(prepared.headers).toContainEqual(['authorization', 's'])
    expect(new TextDecoder().decode(prepared.body as Uint8Array)).toBe('{"list":[1,"b"]}')
  })

  test('an earlier script publishes what a later one asks for', async () => {
    const first = javascriptScript({ source: "publish('key', 'k'); console.log(context.wanted)" })
    const second = javascriptScript({ source: "console.log(context.runtime('key'))" })
    const prepared = await prepare({ method: 'GET', url: 'https://a.example/', preRequest: [first, second] })
    expect(logOf(prepared)).toEqual(['["key"]', 'k'])
  })

  test('any text crosses the border whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const variables = { text }
        const prepared = await run(
          "request.setBody({ text: variables.text + '|' + variables.text.length })",
          { context: { variables: {}, data: variables } },
        )
        expect(prepared.body).toEqual(new TextEncoder().encode(`${text}|${text.length}`))
      }),
      { numRuns: 50 },
    )
  })
})

describe('failures', () => {
  test.each([
    ['let = 3 3', /script\.js: line 1: SyntaxError/],
    ['\nundefinedName', /line 2: ReferenceError/],
    ["throw 'text'", /it threw text/],
    ['throw {}', /no Error/],
    ['throw Object.defineProperty({}, "message", { get() { throw 1 } })', /cannot be read/],
    ['export default async () => {\n await null\n throw new TypeError("late") }', /line 3: TypeError: late/],
    ['await new Promise(() => {})', /nothing will ever settle/],
    ["crypto.hash('md4', '')", /must be one of sha1/],
    ["publish('a', () => {})", /no JSON form/],
    ['request.setBody({ file: 1 })', /give \{ json \}/],
    ["request.headers.set('x', 'é\\n')", /EZ_HEADER_INVALID|x/],
  ])('%s', async (source, message) => {
    const error = await run(source).catch((thrown: unknown) => thrown)
    expect(EzError.isInstance(error)).toBe(true)
    expect((error as EzError).message).toMatch(message)
  })

  test('what was logged before stays in the trace', async () => {
    const error = (await run("console.log('before'); null.x").catch((thrown: unknown) => thrown)) as EzError
    expect(error.code).toBe('EZ_SCRIPT_FAILED')
    expect(error.trace).toContainEqual({ step: 'javascript', id: 'log', value: 'before' })
  })

  test('an abort ends it', async () => {
    const signal = AbortSignal.timeout(50)
    const error = run('for (;;) {}', { context: { signal }, options: { timeoutMs: 60_000 } })
    await expect(error).rejects.toMatchObject({ code: 'EZ_ABORTED' })
  })

  test('a file that is not there', () => {
    expect(() => javascriptScript({ file: '/nowhere/a.js' })).toThrow(
      expect.objectContaining({ code: 'EZ_SCRIPT_UNREADABLE' }),
    )
  })

  test.each<[string, unknown]>([
    ['neither', {}],
    ['both', { source: '1', file: 'a.js' }],
    ['a NUL', { source: 'a\0b' }],
    ['a time', { source: '1', timeoutMs: 0 }],
    ['a size', { source: '1', memoryMb: 4096 }],
    ['a wildcard', { source: '1', allow: { hosts: ['*.example.com'] } }],
    ['an unknown name', { source: '1', timeout: 5 }],
  ])('options: %s', (_, options) => {
    expect(() => javascriptScript(options as { source: string })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})
