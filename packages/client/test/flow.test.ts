import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type PreRequestScript, Secret, type Signer, secret } from '@ez/core'
import { zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Flow, type FlowContext, type FlowEvent, type FlowStep, runFlow } from '../src/index.ts'

type Reply = { status?: number; headers?: Record<string, string>; body?: string | Uint8Array; json?: unknown }
type Handler = (request: IncomingMessage & { body: string }, number: number) => Reply

let server: Server
let base = ''
let requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
let handle: Handler = () => ({ json: {} })

beforeEach(async () => {
  requests = []
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
    const reply = handle(Object.assign(request, { body }), requests.length)
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      connection: 'close',
      ...reply.headers,
    })
    response.end(reply.body ?? JSON.stringify(reply.json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

// Waits that end at once, on a clock that they move.
const timers = () => {
  let now = 0
  const waited: number[] = []
  return {
    waited,
    now: () => now,
    wait: async (milliseconds: number) => {
      waited.push(milliseconds)
      now += milliseconds
    },
  }
}
const run = (steps: readonly FlowStep[], context: FlowContext = {}) =>
  runFlow({ steps } as Flow, { retry: false, ...context, variables: { base, ...context.variables } })
const get = (id: string, path: string, more: Partial<FlowStep> = {}): FlowStep => ({
  id,
  method: 'GET',
  url: `{{base}}${path}`,
  ...more,
})
const memory = () => {
  const chunks: Uint8Array[] = []
  const state = { opened: 0, closed: false, aborted: false, text: () => Buffer.concat(chunks).toString() }
  const to = () => {
    state.opened += 1
    return new WritableStream<Uint8Array>({
      write: (chunk) => void chunks.push(chunk),
      close: () => {
        state.closed = true
      },
      abort: () => {
        state.aborted = true
      },
    })
  }
  return { to, state }
}

describe('captures', () => {
  it('are runtime values of the following steps: typed, and never parsed again', async () => {
    handle = (_request, number) => (number === 1 ? { json: { id: 7, text: '{{base}}{%x%}' } } : { json: {} })
    await run([
      get('one', '/', { capture: { id: { json: '$.id' }, text: { json: '$.text' } } }),
      { ...get('two', '/'), method: 'POST', body: { json: { id: '{%id%}', text: '{%text%}' } } },
    ])
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({ id: 7, text: '{{base}}{%x%}' })
  })

  it('read headers, status and text, and a list at a path to many places', async () => {
    handle = () => ({ status: 201, headers: { etag: '"a"' }, json: { list: [{ n: 1 }, { n: 2 }] } })
    const { captures } = await run([
      get('one', '/', {
        capture: {
          etag: { header: 'ETag' },
          status: { status: true },
          text: { text: true },
          all: { json: '$.list[*].n' },
          none: { json: '$.none', default: 'x' },
        },
      }),
    ])
    expect(captures).toEqual({
      etag: '"a"',
      status: 201,
      text: '{"list":[{"n":1},{"n":2}]}',
      all: [1, 2],
      none: 'x',
    })
  })

  it('keep the digits of a number that a double does not hold', async () => {
    handle = () => ({
      body: '{"id": 12345678901234567890, "n": 1.5, "big": 1e400, "same": 9007199254740991, "x": 0.1}',
    })
    const path = (name: string) => ({ json: `$.${name}` })
    const { captures } = await run([
      get('one', '/', {
        capture: { id: path('id'), n: path('n'), big: path('big'), same: path('same'), x: path('x') },
      }),
    ])
    expect(captures).toEqual({
      id: '12345678901234567890',
      n: 1.5,
      big: '1e400',
      same: 9007199254740991,
      x: 0.1,
    })
  })

  it.each([
    ['nothing', { a: 1 }, 'matches nothing; the answer has the keys a'],
    ['null', { id: null }, 'is null'],
    ['an empty text', { id: '' }, 'is empty'],
  ])('that find %s stop the flow with place and what is there', async (_title, json, says) => {
    handle = () => ({ json })
    const flow = run([get('one', '/', { capture: { id: { json: '$.id' } } }), get('two', '/two')])
    await expect(flow).rejects.toMatchObject({ code: 'EZ_CAPTURE_MISSING' })
    await expect(flow).rejects.toThrow(`one: nothing was captured for {%id%}: $.id ${says}`)
    expect(requests).toHaveLength(1)
  })

  it('that are secret are masked in the trace of what is sent next', async () => {
    const seen: string[] = []
    handle = () => ({ json: { token: 'very-secret-token' } })
    const { captures } = await run(
      [
        get('one', '/', { capture: { token: { json: '$.token', secret: true } } }),
        get('two', '/{%token%}', { headers: { 'x-key': 'key {%token%}' } }),
      ],
      { log: ({ value }) => seen.push(value) },
    )
    expect(requests[1]?.headers['x-key']).toBe('key very-secret-token')
    expect(Secret.isInstance(captures.token)).toBe(true)
    expect(seen.join('\n').replaceAll('"token":"very-secret-token"', '')).not.toContain('very-secret-token')
  })

  it('may not take a built-in name', async () => {
    await expect(run([get('one', '/', { capture: { today: { text: true } } })])).rejects.toMatchObject({
      code: 'EZ_NAME_RESERVED',
    })
    expect(requests).toHaveLength(0)
  })
})

describe('repeat', () => {
  const until = { json: { '$.state': 'DONE' } }
  const step = (more: object = {}): FlowStep =>
    get('wait', '/', { repeat: { every: '15s', atMost: '20m', until, ...more } })

  it('asks again until the answer is as it should be, waiting as long as the server says', async () => {
    handle = (_request, number) =>
      number === 1
        ? { json: { state: 'QUEUED' } }
        : number === 2
          ? { json: { state: 'BUSY' }, headers: { 'retry-after': '3' } }
          : { json: { state: 'DONE', id: 'd' } }
    const time = timers()
    const { captures } = await run([{ ...step(), capture: { id: { json: '$.id' } } }], { timers: time })
    expect(time.waited).toEqual([15_000, 3000])
    expect(captures).toEqual({ id: 'd' })
  })

  it.each([
    ['failWhen', { failWhen: { json: { '$.state': { oneOf: ['FATAL'] } } } }, 200, 'EZ_REPEAT_FAILED'],
    ['a refusal that nobody names', {}, 500, 'EZ_REPEAT_FAILED'],
    ['the end of times', { times: 1 }, 200, 'EZ_REPEAT_ENDED'],
    ['the end of time', { atMost: '10s' }, 200, 'EZ_REPEAT_ENDED'],
  ])('ends the flow at %s', async (_title, more, status, code) => {
    handle = () => ({ status, json: { state: 'FATAL' } })
    await expect(run([step(more), get('two', '/two')], { timers: timers() })).rejects.toMatchObject({ code })
    expect(requests).toHaveLength(1)
  })

  it('signs anew each time, and keeps what comes from startedAt', async () => {
    handle = (_request, number) => ({ json: { state: number === 2 ? 'DONE' : 'BUSY' } })
    let second = 0
    const clock = (): Date => new Date(Date.UTC(2026, 0, 1, 23, 59, 59) + second++ * 1000)
    const own = { ...step(), headers: { 'x-now': '{%now%}', 'x-today': '{%today%}' } }
    await run([own], { timers: timers(), clock })
    expect(requests[0]?.headers['x-now']).not.toBe(requests[1]?.headers['x-now'])
    expect(requests.map(({ headers }) => headers['x-today'])).toEqual(['2026-01-01', '2026-01-01'])
  })
})

const listOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: from + index }))

describe('records and each', () => {
  it('sends one request for each record as it comes, and counts the refused ones', async () => {
    handle = ({ url = '' }) => {
      const { searchParams, pathname } = new URL(url, 'http://x')
      if (pathname === '/list')
        return { json: { items: listOf(Number(searchParams.get('offset')), 10), total: 25 } }
      return pathname === '/orders/3' ? { status: 422, json: {} } : { json: { ok: pathname } }
    }
    const events: FlowEvent[] = []
    const { to, state } = memory()
    const result = await run(
      [
        get('list', '/list?offset={%min_num%}', {
          paginate: { style: 'offset', size: 10, items: '$.items', total: '$.total' },
        }),
        {
          ...get('send', '/orders/{{id}}'),
          method: 'PUT',
          body: { json: '{{record}}' },
          each: 'list',
          output: { to },
        },
      ],
      { onEvent: (event) => events.push(event) },
    )
    expect(result.refused).toBe(1)
    expect(result.steps).toMatchObject([
      { step: 'list', records: 30, answers: 3 },
      { step: 'send', answers: 30, refused: 1 },
    ])
    const lines = state.text().trim().split('\n')
    expect(lines).toHaveLength(29)
    expect(lines[3]).toBe('{"ok":"/orders/4"}')
    expect(events.filter(({ type }) => type === 'refused')).toHaveLength(1)
  })

  it('stops at the first refused record with bail', async () => {
    handle = ({ url }) => (url === '/list' ? { json: listOf(0, 100) } : { status: 400, json: {} })
    const flow = run(
      [
        get('list', '/list', { records: '$' }),
        get('send', '/{{record.id}}', { each: 'list', concurrency: 1 }),
      ],
      { bail: true },
    )
    await expect(flow).rejects.toMatchObject({ code: 'EZ_HTTP_STATUS' })
    expect(requests.length).toBeLessThan(20)
  })

  it('keeps records for a step that stands further on', async () => {
    handle = ({ url }) => (url === '/list' ? { json: listOf(0, 3) } : { json: { token: 't' } })
    await run([
      get('list', '/list', { records: '$' }),
      get('login', '/login', { capture: { token: { json: '$.token' } } }),
      get('send', '/{{id}}?token={%token%}', { each: 'list', concurrency: 1 }),
    ])
    expect(requests.map(({ url }) => url)).toEqual([
      '/list',
      '/login',
      '/0?token=t',
      '/1?token=t',
      '/2?token=t',
    ])
  })

  it('refuses a name that a variable and the record both have, before anything of that step is sent', async () => {
    handle = () => ({ json: listOf(0, 3) })
    const flow = run([get('list', '/list', { records: '$' }), get('send', '/{{id}}', { each: 'list' })], {
      variables: { id: 'mine' },
    })
    await expect(flow).rejects.toMatchObject({ code: 'EZ_NAME_AMBIGUOUS' })
    expect(requests).toHaveLength(1)
  })

  it('is an error when there is no list at the path', async () => {
    handle = () => ({ json: { item: [] } })
    await expect(run([get('list', '/', { records: '$.items' })])).rejects.toMatchObject({
      code: 'EZ_RECORD_INVALID',
    })
    await expect(run([get('list', '/', { records: '$.items[*]' })])).rejects.toMatchObject({
      code: 'EZ_RECORD_INVALID',
    })
  })

  it('reads CSV, NDJSON and XML', async () => {
    const { to, state } = memory()
    handle = ({ url }) =>
      url === '/csv'
        ? { body: 'id,name\n1,"a, b"\n', headers: { 'content-type': 'text/csv' } }
        : url === '/nd'
          ? { body: '{"id":12345678901234567890}\n', headers: { 'content-type': 'application/x-ndjson' } }
          : {
              body: '<r xmlns="urn:x"><Contents><Key>a</Key></Contents><Contents><Key>b</Key></Contents></r>',
              headers: { 'content-type': 'application/xml' },
            }
    const output = { to }
    await run([get('csv', '/csv', { records: '$', output })])
    await run([get('nd', '/nd', { records: '$', output })])
    await run([
      get('xml', '/xml', { records: '//Contents', output, capture: { first: { xml: '(//Key)[1]' } } }),
    ])
    expect(state.text()).toBe(
      '{"id":"1","name":"a, b"}\n{"id":"12345678901234567890"}\n{"Key":"a"}\n{"Key":"b"}\n',
    )
  })

  it('does not read XML that declares a document type', async () => {
    handle = () => ({
      body: '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
      headers: { 'content-type': 'text/xml' },
    })
    await expect(run([get('xml', '/', { records: '//r' })])).rejects.toMatchObject({
      code: 'EZ_RESPONSE_UNREADABLE',
    })
  })

  it('follows a pagination script until it returns nothing, and stops a loop', async () => {
    handle = ({ url = '' }) => ({ json: { rows: listOf(Number(url.slice(1)), 2) } })
    const step = (next: (n: number) => number | undefined) =>
      get('list', '/{%page%}', {
        paginate: {
          style: 'script',
          items: '$.rows',
          initial: { page: 0 },
          next: ({ number }) => (next(number) === undefined ? undefined : { page: next(number) }),
        },
      })
    await run([step((number) => (number < 3 ? number : undefined))])
    expect(requests.map(({ url }) => url)).toEqual(['/0', '/1', '/2'])
    await expect(run([step(() => 0)])).rejects.toMatchObject({ code: 'EZ_PAGE_REPEATED' })
  })
})

describe('outputs', () => {
  it('get the body as it comes, unpacked', async () => {
    const text = 'a\tb\n'.repeat(10_000)
    handle = ({ url }) => ({
      body:
        url === '/gzip' ? gzipSync(text) : url === '/zip' ? zipSync({ 'a.tsv': Buffer.from(text) }) : text,
      headers: { 'content-type': 'application/octet-stream' },
    })
    for (const path of ['/gzip', '/zip', '/plain']) {
      const { to, state } = memory()
      const { steps } = await run([get('file', path, { output: { to, decompress: 'auto' } })])
      expect(state.text() === text).toBe(true)
      expect(state.closed).toBe(true)
      expect(steps[0]?.bytes).toBe(text.length)
    }
  })

  it('are not opened for a refused answer', async () => {
    handle = () => ({ status: 403, json: {} })
    const { to, state } = memory()
    await expect(run([get('file', '/', { output: { to } })])).rejects.toMatchObject({
      code: 'EZ_HTTP_STATUS',
    })
    expect(state.opened).toBe(0)
  })

  it('are dropped past their bound, whatever they are packed with', async () => {
    handle = () => ({ body: gzipSync(Buffer.alloc(1_000_000)) })
    const { to, state } = memory()
    const flow = run([get('file', '/', { output: { to, decompress: 'gzip', maxBytes: 1000 } })])
    await expect(flow).rejects.toMatchObject({ code: 'EZ_RESPONSE_TOO_LARGE' })
    expect([state.closed, state.aborted]).toEqual([false, true])
  })

  it('write records as CSV with the columns of the first', async () => {
    handle = () => ({
      json: [
        { id: 1, tags: ['a', 'b'] },
        { id: 2, tags: 'x,"y"' },
      ],
    })
    const { to, state } = memory()
    await run([get('list', '/', { records: '$', output: { to, format: 'csv' } })])
    expect(state.text()).toBe('id,tags\n1,"[""a"",""b""]"\n2,"x,""y"""\n')
  })
})

describe('who chooses the host', () => {
  const signer: Signer = {
    specVersion: 1,
    id: 'test-signer',
    writes: { headers: ['authorization'], query: [] },
    sign: () => ({ patch: { headers: { authorization: 'signed' }, query: [] }, trace: [] }),
  }
  const script: PreRequestScript = { specVersion: 1, id: 'script', run: () => undefined }
  let other: Server
  let otherUrl = ''
  let received: IncomingMessage[] = []
  beforeEach(async () => {
    received = []
    other = createServer((request, response) => {
      received.push(request)
      response.end('file')
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}/d?sig=a%2Bb&x=[1]`
    handle = () => ({ json: { url: otherUrl } })
  })
  afterEach(() => new Promise((resolve) => other.close(resolve)))
  const first = (): FlowStep => get('document', '/', { capture: { url: { json: '$.url', secret: true } } })
  const download = (more: Partial<FlowStep> = {}): FlowStep => ({
    id: 'download',
    method: 'GET',
    url: '{%url%}',
    ...more,
  })

  it('lets an answer choose it for a bare request, its query kept', async () => {
    await run([first(), download()])
    expect(received[0]?.url).toMatch(/^\/d\?sig=a%2Bb&x=/)
  })

  it.each([
    ['a signer', { preRequest: [signer] }, {}],
    ['a script', { preRequest: [script] }, {}],
    ["the client's own steps", {}, { preRequest: [signer] }],
    ['a secret in a header', { headers: { 'x-key': '{{key}}' } }, { variables: { key: secret('abcdefgh') } }],
    ['an authorization header', { headers: { authorization: 'Bearer x' } }, {}],
  ])('refuses it with %s, and sends nothing', async (_title, more, context) => {
    await expect(run([first(), download(more)], context)).rejects.toMatchObject({
      code: 'EZ_HOST_NOT_ALLOWED',
    })
    expect(received).toHaveLength(0)
  })

  it('allows it when the user lists the host', async () => {
    const allowedHosts = [new URL(otherUrl).host, new URL(base).host]
    await run([first(), download({ preRequest: [signer] })], { allowedHosts })
    expect(received[0]?.headers.authorization).toBe('signed')
  })

  it('allows an origin that the flow itself names', async () => {
    await run([
      first(),
      download({ preRequest: [signer] }),
      get('own', '/', { url: new URL(otherUrl).origin }),
    ])
    expect(received).toHaveLength(2)
  })
})

it('goes on in the middle, with what was captured before', async () => {
  const steps = [get('one', '/1', { capture: { id: { text: true } } }), get('two', '/{%id%}')]
  await run(steps, { from: 'two', outputs: { id: 'x' } })
  expect(requests.map(({ url }) => url)).toEqual(['/x'])
  await expect(run(steps, { from: 'three' })).rejects.toMatchObject({ code: 'EZ_FLOW_INVALID' })
})
