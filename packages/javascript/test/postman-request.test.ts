import { describe, expect, test } from 'vitest'
import { computed, request, run } from './support/postman.ts'

describe('the request', () => {
  test.each<[string, unknown]>([
    ['pm.request.method', 'POST'],
    ['pm.request.url.toString()', request.url],
    ['request.url', request.url],
    ['request.method + request.data + request.headers["X-A"]', 'POST{"x":"{{v}}"}{{a}}'],
    ['pm.request.url.getPath()', '/{{v}}/p'],
    ['pm.request.url.getPathWithQuery()', '/{{v}}/p?q={{v}}&b=2'],
    ['pm.request.url.getQueryString()', 'q={{v}}&b=2'],
    ['pm.request.url.getHost() + pm.request.url.getRemote()', 'api.example.comapi.example.com'],
    ['pm.request.url.path.join() + pm.request.url.host.join()', '{{v}},papi,example,com'],
    ['pm.request.url.query.map((one) => one.key).join()', 'q,b'],
    ['pm.request.url.query.toObject()', { q: '{{v}}', b: '2' }],
    ['pm.request.headers.get("x-a")', '{{a}}'],
    ['pm.request.headers.has("X-A")', true],
    ['pm.request.headers.toObject()', { 'x-a': '{{a}}' }],
    ['pm.request.body.raw + pm.request.body.mode', '{"x":"{{v}}"}raw'],
    ['pm.request.body.toString()', '{"x":"{{v}}"}'],
    ['pm.request.body.isEmpty()', false],
    ['pm.variables.replaceIn(pm.request.url.toString())', 'https://api.example.com/1/p?q=1&b=2'],
    ['new (require("postman-collection/lib/collection/url").Url)("https://a.example/b?c=d").getPath()', '/b'],
    [
      'require("postman-collection/lib/collection/property").Property.replaceSubstitutions("{{a}}", { a: "b" })',
      'b',
    ],
  ])('%s', async (expression, expected) => {
    expect(await computed(expression)).toEqual(expected)
  })

  test('edits come back', async () => {
    const outcome = await run([
      "pm.request.headers.add({ key: 'X-B', value: '{{sig}}' }); pm.request.headers.upsert({ key: 'X-A', value: '2' })",
      "pm.request.url.query.add({ key: 'z', value: '1' }); pm.request.url.query.remove('b'); pm.request.method = 'PUT'; pm.request.body.raw = 'new'",
    ])
    expect(outcome.request).toEqual({
      method: 'PUT',
      url: 'https://api.example.com/{{v}}/p?q={{v}}&z=1',
      header: [
        { key: 'X-A', value: '2' },
        { key: 'X-B', value: '{{sig}}' },
      ],
      body: { mode: 'raw', raw: 'new' },
    })
  })

  test('forms too', async () => {
    const body = { mode: 'urlencoded' as const, urlencoded: [{ key: 'k', value: '{{v}}' }] }
    const source =
      "pm.variables.set('seen', request.data); pm.request.body.urlencoded.add({ key: 'l', value: '2' })"
    const outcome = await run(source, { attempt: { request: { ...request, body } } })
    expect(outcome.changes[0]?.value).toEqual({ k: '{{v}}' })
    expect(outcome.request.body?.urlencoded).toEqual([...body.urlencoded, { key: 'l', value: '2' }])
  })

  test('one that no script looks at is the one that was given', async () => {
    expect((await run("pm.variables.set('a', '1')")).request).toEqual(request)
  })
})

describe('pm.sendRequest', () => {
  const seen: unknown[] = []
  const given = {
    options: { allow: { hosts: ['b.example'] } },
    attempt: {
      fetch: (async (url, init) => {
        seen.push([url, init?.method, init?.headers, init?.body])
        return new Response('{"token":"t"}', { status: 201, headers: { 'x-b': 'c' } })
      }) as typeof fetch,
    },
  }

  test.each<[string, string, unknown[]]>([
    ['a text', "'https://b.example/'", ['https://b.example/', 'GET', [], null]],
    [
      'an object',
      "{ url: 'https://b.example/', method: 'POST', header: 'A: b', body: { mode: 'raw', raw: '{}' } }",
      ['https://b.example/', 'POST', [['A', 'b']], '{}'],
    ],
    [
      'a form',
      "{ url: 'https://b.example/', method: 'POST', header: { A: 'b' }, body: { mode: 'urlencoded', urlencoded: [{ key: 'c', value: 'd e' }] } }",
      [
        'https://b.example/',
        'POST',
        [
          ['A', 'b'],
          ['content-type', 'application/x-www-form-urlencoded'],
        ],
        'c=d+e',
      ],
    ],
  ])('%s', async (_, sent, expected) => {
    const source = `pm.sendRequest(${sent}, (error, response) => { pm.environment.set('token', response.json().token + response.code + response.headers.get('X-B') + error) })`
    expect(
      (await run([source, "pm.variables.set('later', pm.environment.get('token'))"], given)).changes.at(-1)
        ?.value,
    ).toBe('t201cnull')
    expect(seen.at(-1)).toEqual(expected)
  })

  test('as a promise', async () => {
    expect(await computed("(await pm.sendRequest('https://b.example/')).text()", given)).toBe('{"token":"t"}')
  })

  test('a throw in its callback fails the run', async () => {
    const source = "pm.sendRequest('https://b.example/', () => { throw new Error('no token') })"
    await expect(run(source, given)).rejects.toMatchObject({
      code: 'EZ_SCRIPT_FAILED',
      message: expect.stringContaining('no token'),
    })
  })

  test('another host is an error of the callback', async () => {
    const source = "pm.sendRequest('https://c.example/', (error) => pm.variables.set('error', String(error)))"
    expect((await run(source, given)).changes[0]?.value).toContain('not in allow.hosts')
  })
})
