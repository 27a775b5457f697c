import { spawn } from 'node:child_process'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isPresent } from '../../../../.ci/vitest/present.ts'
import { type BodyTemplate, type PreparedRequest, prepare, type RequestTemplate } from '../../src/index.ts'
import { type RawRequest, RawServer } from '../support/loopback.ts'
import { headerSigner } from '../support/support.ts'

const server = new RawServer()
let host = ''
beforeAll(async () => {
  host = await server.listen()
})
beforeEach(() => {
  server.received.length = 0
})
afterAll(() => server.close())

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => value.isWellFormed())
const headerValue = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 30,
})
const body: fc.Arbitrary<BodyTemplate> = fc.oneof(
  fc.record({ text }),
  fc.record({ json: fc.constantFrom<unknown>({ a: '{{v}}' }, ['ü', 1.5, null], '"') }),
  fc.record({
    form: fc.array(fc.tuple(fc.constantFrom('a', 'b c', 'ü'), fc.constant('{{v}}')), { maxLength: 3 }),
  }),
  fc.record({ bytes: fc.uint8Array({ maxLength: 200 }) }),
  fc.record({ text: fc.constantFrom('@file', 'it\'s "quoted" $HOME `id` \\ %PATH%', 'a\nb\r\n', '-d x') }),
)
// The variable's value is data, so that it may hold any text; `text` in a template may not hold a token.
const generated = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  path: fc.constantFrom('', '/', '/a b', '/%7Ea/ü', '//x', `/it's(1)!*,;=:@&+$~`, '/{{v}}', '/p{{v}}/'),
  query: fc.constantFrom('', '?a=1&a=0', '?flag', '?q={{v}}', "?it's=[|]^`", '?a=%2f+b', '?{{v}}'),
  pairs: fc.array(fc.tuple(fc.constantFrom('a b', 'limit', 'ü&='), fc.constant('{{v}}')), { maxLength: 2 }),
  value: text.filter((value) => !/^[./]*$/.test(value) && !/(^|\/)\.{1,2}(\/|$)/.test(value)),
  headers: fc.array(fc.tuple(fc.constantFrom('x-a', 'X-B', 'prefer', 'cookie'), headerValue), {
    maxLength: 4,
  }),
  body,
})

async function prepared(
  case_: typeof generated extends fc.Arbitrary<infer Case> ? Case : never,
): Promise<PreparedRequest | undefined> {
  const template: RequestTemplate = {
    method: case_.method,
    url: `http://${host}${case_.path}${case_.query}`,
    query: case_.pairs,
    headers: case_.headers.map(([name, value]) => [name, value.replaceAll('{', '(')] as const),
    preRequest: [headerSigner()],
    ...(case_.method === 'GET'
      ? {}
      : { body: 'text' in case_.body ? { text: case_.body.text.replaceAll('{', '(') } : case_.body }),
  }
  return prepare(template, { data: { v: case_.value } })
}

function expectSame(raw: RawRequest | undefined, request: PreparedRequest): void {
  const { pathname, search } = new URL(request.url)
  expect(request.url).toBe(`http://${host}${pathname}${search}`)
  expect(raw?.requestLine).toBe(`${request.method} ${pathname}${search} HTTP/1.1`)
  for (const [name, value] of request.headers) {
    const got = raw?.headers.filter(([known]) => known.toLowerCase() === name).map(([, shown]) => shown)
    expect([name, got]).toEqual([name, [value]])
  }
  expect(raw?.body.equals((request.body as Uint8Array) ?? Buffer.alloc(0))).toBe(true)
}

test('a thousand generated requests arrive byte for byte as they were signed', async () => {
  let sent = 0
  await fc.assert(
    fc.asyncProperty(generated, async (case_) => {
      const request = (await prepared(case_)) as PreparedRequest
      server.received.length = 0
      const response = await fetch(request.toRequest())
      await response.arrayBuffer()
      expectSame(server.received[0], request)
      sent += 1
    }),
    { numRuns: 1000 },
  )
  expect(sent).toBeGreaterThanOrEqual(1000)
}, 60_000)

// What RFC 9110, the Fetch standard and Node treat apart, and some that are like them.
const special =
  `accept accept-encoding accept-language access-control-request-method authorization cache-control
  connection content-disposition content-encoding content-language content-length content-location content-md5
  content-range content-type cookie date dnt etag expect forwarded from host http2-settings if-match
  if-modified-since if-none-match if-range if-unmodified-since keep-alive link max-forwards origin pragma prefer
  priority proxy-authorization proxy-connection range referer sec-ch-ua sec-fetch-dest sec-fetch-mode sec-fetch-site
  sec-fetch-user set-cookie te trailer transfer-encoding upgrade upgrade-insecure-requests user-agent via warning
  x-forwarded-for __proto__ constructor prototype tostring`.split(/\s+/)

test('a header arrives as it was signed, or is refused', async () => {
  const refused = new Set<string>()
  for (const method of ['GET', 'DELETE', 'POST', 'PATCH', 'PURGE'])
    for (const name of special) {
      const own = [name, name === 'content-length' ? '0' : 'identity'] as const
      for (const headers of [[own], [own, ['range', 'bytes=0-9'] as const]]) {
        const request = await prepare({ method, url: `http://${host}/`, headers }).catch(({ code }) => code)
        if (typeof request === 'string') refused.add(`${request} ${name}`)
        else {
          server.received.length = 0
          await fetch(request.toRequest())
          expectSame(server.received[0], request)
        }
      }
    }
  const names = [
    '__proto__',
    'accept-encoding',
    'connection',
    'content-length',
    'expect',
    'host',
    'keep-alive',
    'sec-fetch-mode',
    'transfer-encoding',
    'upgrade',
  ]
  expect([...refused].sort()).toEqual(names.map((name) => `EZ_HEADER_NOT_SENDABLE ${name}`))
})

test('a stream arrives whole', async () => {
  const chunks = [new Uint8Array(70_000).fill(1), new Uint8Array(3).fill(2)]
  const request = await prepare({
    method: 'PUT',
    url: `http://${host}/`,
    body: { stream: () => new Blob(chunks).stream() },
  }) // biome-ignore format: one object
  await fetch(request.toRequest())
  expect(server.received[0]?.body.equals(Buffer.concat(chunks))).toBe(true)
})

describe.runIf(isPresent('curl'))('toCurl', () => {
  const run = (line: string): Promise<number | null> =>
    new Promise((resolve) => {
      spawn('sh', ['-c', line.replace(/(^|\| )curl /, '$1curl -q --silent --noproxy "*" --max-time 60 ')], {
        stdio: 'ignore',
      }).on('close', resolve)
    })

  test('the printed line sends the same request', async () => {
    await fc.assert(
      fc.asyncProperty(generated, async (case_) => {
        const request = (await prepared(case_)) as PreparedRequest
        server.received.length = 0
        expect(await run(request.toCurl())).toBe(0)
        expectSame(server.received[0], request)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('binary bodies, no content type, empty headers and large bodies', async () => {
    const long = Buffer.from("it's ü\n".repeat(20_000))
    const bodies = [new Uint8Array([0, 1, 255]), long, new Uint8Array(1_200_000).fill(97)]
    for (const bytes of bodies) {
      const request = await prepare({
        method: 'PUT',
        url: `http://${host}/`,
        headers: { 'x-empty': '' },
        body: { bytes },
      })
      server.received.length = 0
      const line = request.toCurl()
      await new Promise((resolve) => {
        const shell = spawn('sh', ['-s'], { stdio: ['pipe', 'ignore', 'ignore'] }).on('close', resolve)
        // As a script, which may be longer than an argument.
        shell.stdin.end(line)
      })
      expectSame(server.received[0], request)
    }
  })

  test('HEAD and DELETE with a body', async () => {
    for (const template of [{ method: 'HEAD' }, { method: 'DELETE', body: { text: 'x' } }]) {
      const request = await prepare({ url: `http://${host}/`, ...template })
      server.received.length = 0
      expect(await run(request.toCurl())).toBe(0)
      expectSame(server.received[0], request)
    }
  })
})
