import {
  type BodyTemplate,
  type EzError,
  type PreparedRequest,
  type PreRequestScript,
  prepare,
  secret,
} from '@ez/core'
import { afterAll, describe, expect, test } from 'vitest'
import { instant, patienceMs, pool, prepareWith, resultOf, script } from './support/prepare.ts'

afterAll(() => pool.close())

const textOfBody = (body: unknown): string => new TextDecoder().decode(body as Uint8Array)

describe('variables of the module', () => {
  test('str, int, float and bool are outputs, typed', async () => {
    const source = `text = 'é"'\ncount = 3\nlong = 12345678901234567890\nratio = 1.5\nyes = True\nkey = b'secret'\nimport json`
    const { body } = await prepareWith([script(source)], {
      method: 'POST',
      body: {
        json: { text: '{%text%}', count: '{%count%}', long: '{%long%}', ratio: '{%ratio%}', yes: '{%yes%}' },
      },
    })
    expect(textOfBody(body)).toBe(
      '{"text":"é\\"","count":3,"long":12345678901234567890,"ratio":1.5,"yes":true}',
    )
  })

  test('only what is wanted leaves the sandbox', async () => {
    const published: string[] = []
    const spy: PreRequestScript = {
      specVersion: 1,
      id: 'spy',
      run: (_, context) => {
        for (const name of ['wanted', 'later', 'signing_key'])
          if (context.runtime(name) !== undefined) published.push(name)
      },
    }
    const { trace } = await prepareWith(
      [
        script("wanted = 'w'\nlater = 'l'\nsigning_key = 'derived-from-secret'"),
        spy,
        script("x = '{%later%}'"),
      ],
      { headers: { a: '{%wanted%}' } },
    )
    expect(published).toEqual(['wanted', 'later'])
    expect(JSON.stringify(trace)).not.toContain('derived-from-secret')
  })

  test('a later script reads what an earlier one left', async () => {
    const { headers } = await prepareWith([script("first = 'one'"), script("second = '{%first%} two'")], {
      headers: { a: '{%second%}' },
    })
    expect(headers).toContainEqual(['a', 'one two'])
  })

  test.each([
    ['result = [1]', /the variable result is of type list/],
    ["result = b'x'", /the variable result is of type bytes/],
    ["result = float('nan')", /the variable result is nan/],
  ])('%s cannot leave', async (source, message) => {
    await expect(resultOf(source)).rejects.toThrow(message)
    await expect(resultOf(source)).rejects.toMatchObject({ code: 'EZ_SCRIPT_VALUE' })
  })

  test('a variable that happens to be called like a built-in does not hide it', async () => {
    const { headers } = await prepareWith([script('import datetime\nnow = datetime.datetime.now()')], {
      headers: { a: '{%now%}' },
    })
    expect(headers).toContainEqual(['a', instant.toISOString()])
  })

  test('runs of one text share no variables', async () => {
    const source = "try:\n  result = left\nexcept NameError:\n  left = result = 'nothing'"
    expect([await resultOf(source), await resultOf(source)]).toEqual(['nothing', 'nothing'])
  })
})

describe('exports', () => {
  test('write headers, query, method, URL and body, and publish', async () => {
    const source = `
signature = 's'
page = 2
verb = 'PUT'
address = 'https://api.example.com/other'
content = b'\\x00\\xff'
digest = b'\\x01'`
    const prepared = await prepareWith(
      [
        script(source, {
          exports: {
            'header.Authorization': 'signature',
            'query.page': 'page',
            method: 'verb',
            url: 'address',
            body: 'content',
            hash: 'digest',
          },
        }),
      ],
      { headers: { 'x-hash': '{%hash%}' } },
    )
    expect(prepared.method).toBe('PUT')
    expect(prepared.url).toBe('https://api.example.com/other?page=2')
    expect(prepared.headers).toContainEqual(['authorization', 's'])
    expect(prepared.headers).toContainEqual(['x-hash', 'AQ=='])
    expect(prepared.body).toEqual(new Uint8Array([0, 255]))
  })

  test('a name that the script does not have', async () => {
    await expect(
      prepareWith([script("signature = 's'", { exports: { 'header.a': 'signatur' } })]),
    ).rejects.toMatchObject({
      code: 'EZ_SCRIPT_VALUE',
      message: expect.stringContaining('Did you mean signature?'),
    })
  })

  test.each<[Record<string, string>, RegExp]>([
    [{ 'headers.a': 'x' }, /exports has no place "headers.a"/],
    [{ 'header.a': 'not a name' }, /must name a variable/],
  ])('%j is refused when the script is created', (exports, message) => {
    expect(() => script('', { exports })).toThrow(message)
  })
})

describe('request', () => {
  test('reads and edits method, URL, query, headers and body', async () => {
    const source = `
assert request.method == 'GET' and request.url == 'https://api.example.com/orders'
assert request.query.items() == [('a', '1'), ('b', 'x y')] and request.query['b'] == 'x y'
assert request.headers['X-ONE'] == '1' and 'x-late' not in request.headers and request.headers.get('none') is None
request.method = 'POST'
request.url = 'https://api.example.com/items'
request.query['a'] = 2
request.query.append('c', 'ü&')
del request.query['b']
request.headers.set('X-One', 'eins')
request.headers.append('x-two', 'zwei')
request.set_json({'text': 'é', 'long': 12345678901234567890})
assert request.query.items() == [('a', '2'), ('c', 'ü&')]`
    const prepared = await prepareWith([script(source)], {
      url: 'https://api.example.com/orders?a=1',
      query: { b: 'x y' },
      headers: { 'X-One': '1', 'x-late': '{%late | default("-")%}' },
    })
    expect(prepared.method).toBe('POST')
    expect(prepared.url).toBe('https://api.example.com/items?a=2&c=%C3%BC%26')
    expect(prepared.headers).toContainEqual(['x-one', 'eins'])
    expect(prepared.headers).toContainEqual(['x-two', 'zwei'])
    expect(prepared.headers).toContainEqual(['content-type', 'application/json'])
    expect(textOfBody(prepared.body)).toBe('{"text":"é","long":12345678901234567890}')
  })

  test('resolved() gives the bytes that are sent; then only headers may be added', async () => {
    const source = `
import hashlib
request.query['page'] = '2'
sent = request.resolved()
assert sent.url == 'https://api.example.com/orders?page=2' and sent.method == 'POST', sent.url
assert ('content-type', 'application/json') in sent.headers
assert request.json() == {'a': [1, None]} and request.text == '{"a":[1,null]}'
request.headers['x-digest'] = hashlib.sha256(request.body).hexdigest()`
    const template = { method: 'POST', body: { json: { a: [1, null] } } } as const
    const { headers } = await prepareWith([script(source)], template)
    expect(headers.find(([name]) => name === 'x-digest')?.[1]).toMatch(/^[0-9a-f]{64}$/)
    await expect(
      prepareWith([script(`${source}\nrequest.query['page'] = '3'`)], template),
    ).rejects.toMatchObject({
      code: 'EZ_CHANGED_AFTER_READ',
    })
  })

  test.each<[string, string, string]>([
    ["request.body = 'text'", 'text', 'text/plain;charset=UTF-8'],
    ["request.body = b'\\x41'", 'A', ''],
    ["request.set_form({'a': 'b c'})", 'a=b+c', 'application/x-www-form-urlencoded'],
  ])('%s', async (source, expected) => {
    const { body } = await prepareWith([script(source)], { method: 'POST' })
    expect(textOfBody(body).replace('%20', '+')).toBe(expected)
  })
})

describe('what the script is given', () => {
  test('parameters win over variables, for tokens and as a dict', async () => {
    const source = "result = '{{key}} {{deep.a[1]}} {{other}} ' + parameters['key']"
    const parameters = { key: secret('parameter'), deep: { a: [1, 'x'] } }
    expect(await resultOf(source, { key: 'variable', other: 'o' }, { parameters })).toBe(
      'parameter x o parameter',
    )
  })

  test('a parameter that is secret is masked', async () => {
    const { trace } = await prepareWith([
      script("print('{{key}}')", { parameters: { key: secret('very-secret') } }),
    ])
    expect(trace.find(({ id }) => id === 'log')?.value).toBe('***')
  })

  test('filters, defaults and fetched values work as in a template', async () => {
    const source = 'result = \'{{a | url}} {{none | default("d")}} {{late}} {%yesterday%}\''
    expect(await resultOf(source, { a: 'x y', late: async () => 'l' })).toBe('x%20y d l 2026-01-01')
  })

  test('all missing names are told at once, with their lines', async () => {
    const error = (await resultOf("a = '{{tokne}}'\nb = {{missing}}\nc = '{{token}}'", { token: 't' }).catch(
      (caught: unknown) => caught,
    )) as EzError
    expect(error.code).toBe('EZ_VARIABLE_MISSING')
    expect(error.message).toContain('{{tokne}} in line 1 (did you mean {{token}}?); {{missing}} in line 2')
  })

  test('a secret that scripts may not read', async () => {
    const variables = { key: secret('withheld-secret', { allowedInScript: false }) }
    await expect(resultOf("x = 1\nresult = '{{key | url}}'", variables)).rejects.toMatchObject({
      code: 'EZ_SECRET_WITHHELD',
      message: expect.stringContaining('line 2: {{key | url}}'),
    })
    expect(await resultOf("result = 'no need of it'", variables)).toBe('no need of it')
  })

  describe('a secret that scripts may not read, in the request', () => {
    const closed = secret('closed! secret', { allowedInScript: false })
    const native: PreRequestScript = {
      specVersion: 1,
      id: 'native',
      run: (request) => request.headers.set('x-native', closed),
    }
    const run = (source: string, body?: BodyTemplate, exports = {}): Promise<PreparedRequest> =>
      prepare(
        {
          method: 'POST',
          url: 'https://api.example.com/bot{{closed}}/send',
          query: { key: '{{closed}}', '{{closed}}': '1' },
          headers: {
            authorization: 'Bearer {{closed}}',
            'x-basic': '{{closed | url | base64}}',
            'x-out': '{%output%}',
          },
          ...(body ? { body } : {}),
          preRequest: [native, script(source, { exports })],
        },
        { variables: { closed }, outputs: { output: closed }, stepTimeoutMs: patienceMs },
      )

    test('is hidden, and stays where it is', async () => {
      const source = `
sent = request.resolved()
seen = repr([request.url, list(request.headers.items()), list(request.query.items()), sent.url, sent.headers])
request.headers['x-seen'] = str('secret' in seen.replace('ez-withheld-secret', '') or '${btoa('closed%21%20secret')}' in seen)
print(seen)`
      const prepared = await run(source, { text: 'innocent' })
      expect(prepared.url).toBe(
        'https://api.example.com/botclosed%21%20secret/send?key=closed%21%20secret&closed%21%20secret=1',
      )
      expect(Object.fromEntries(prepared.headers)).toMatchObject({
        authorization: 'Bearer closed! secret',
        'x-native': 'closed! secret',
        'x-out': 'closed! secret',
        'x-seen': 'False',
      })
      const log = prepared.trace.find(({ id }) => id === 'log')?.value
      expect(log).toContain('ez-withheld-secret')
    })

    test.each<[string, string, object?, BodyTemplate?]>([
      ['copied to a header', "request.headers['x-copy'] = request.headers['authorization']"],
      ['written to the URL', "request.url = request.url + '/more'"],
      ['copied before the request is read', 'request.body = request.headers["x-native"]\nrequest.resolved()'],
      ['exported', 'copy = request.headers["x-out"]', { 'header.x-copy': 'copy' }],
      ['read in the body', 'request.resolved()', {}, { json: { key: '{{closed}}' } }],
    ])('is refused when it is %s', async (_, source, exports, body) => {
      await expect(run(source, body, exports)).rejects.toMatchObject({
        code: 'EZ_SECRET_WITHHELD',
        message: expect.stringContaining('holds a secret that scripts may not read'),
      })
    })
  })

  test('what it prints goes to the trace, masked and cut', async () => {
    const source =
      "import sys\nprint('key', '{{key}}')\nprint('error', file=sys.stderr)\nfor _ in range(9): print('x' * 10000)"
    const { trace } = await prepare(
      { method: 'GET', url: 'https://api.example.com/', preRequest: [script(source)] },
      { variables: { key: secret('very-secret') }, stepTimeoutMs: patienceMs },
    )
    const log = trace.find(({ id }) => id === 'log')?.value ?? ''
    expect(log.startsWith('key ***\nerror\nxxx')).toBe(true)
    expect(log.length).toBeLessThan(70_000)
    expect(log).toMatch(/… \(900\d\d bytes printed\)$/)
  })
})
