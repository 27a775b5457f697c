import { expect, test } from 'vitest'
import { attemptsOf, createClient, type Pagination } from '../src/index.ts'
import { caught } from './support/caught.ts'
import { answer, startServer } from './support/server.ts'
import { FakeTimers } from './support/timers.ts'

test('maxPages bounds what is read', async () => {
  const server = await startServer((_, response) => answer(response, 200, [1, 2]))
  const client = createClient()
  let pages = 0
  for await (const _ of client.paginate(
    { method: 'GET', url: server.url, query: { page: '{%min_num%}' } },
    { style: 'page', size: 2, maxPages: 4 },
  ))
    pages += 1
  expect(pages).toBe(4)
  expect(server.received).toHaveLength(4)
})

const failures: readonly {
  title: string
  code: string
  pagination: Pagination
  reply: (url: string) => { status?: number; body?: unknown }
}[] = [
  {
    title: 'a page that is not a success',
    code: 'EZ_HTTP_STATUS',
    pagination: { style: 'page', size: 2 },
    reply: () => ({ status: 403, body: { no: 1 } }),
  },
  {
    title: 'a page without the items',
    code: 'EZ_PAGE_INVALID',
    pagination: { style: 'page', size: 2, items: 'rows' },
    reply: () => ({ body: { items: [] } }),
  },
  {
    title: 'a total that is no number',
    code: 'EZ_PAGE_INVALID',
    pagination: { style: 'offset', size: 2, total: 'total' },
    reply: () => ({ body: { total: 'many' } }),
  },
  {
    title: 'a server that gives fewer items than were asked for, and has more',
    code: 'EZ_PAGE_INVALID',
    pagination: { style: 'offset', size: 2, items: 'rows', more: 'more' },
    reply: () => ({ body: { rows: [1], more: true } }),
  },
  {
    title: 'a server that gives fewer items than were asked for, by their number',
    code: 'EZ_PAGE_INVALID',
    pagination: { style: 'offset', size: 2, items: 'rows', total: 'total' },
    reply: () => ({ body: { rows: [1], total: 4 } }),
  },
  {
    title: 'half a page as its size',
    code: 'EZ_OPTION_INVALID',
    pagination: { style: 'offset', size: 1.5 },
    reply: () => ({}),
  },
  {
    title: 'a cursor that goes nowhere',
    code: 'EZ_OPTION_INVALID',
    pagination: { style: 'cursor', path: 'next', into: {} } as unknown as Pagination,
    reply: () => ({}),
  },
  {
    title: 'a cursor that comes again',
    code: 'EZ_PAGE_REPEATED',
    pagination: { style: 'cursor', path: 'next' },
    reply: () => ({ body: { next: 'same' } }),
  },
  {
    title: 'a link to another host',
    code: 'EZ_HOST_NOT_ALLOWED',
    pagination: { style: 'next-link', path: 'next' },
    reply: () => ({ body: { next: 'https://elsewhere.example/orders' } }),
  },
  {
    title: 'a link that is none',
    code: 'EZ_PAGE_INVALID',
    pagination: { style: 'next-link', path: 'next' },
    reply: () => ({ body: { next: 'http://[' } }),
  },
  {
    title: 'an unknown style',
    code: 'EZ_OPTION_INVALID',
    pagination: { style: 'pages' } as unknown as Pagination,
    reply: () => ({}),
  },
  {
    title: 'a cursor from nowhere',
    code: 'EZ_OPTION_INVALID',
    pagination: { style: 'cursor' },
    reply: () => ({}),
  },
]

for (const { title, code, pagination, reply } of failures)
  test(`fails closed: ${title}`, async () => {
    const server = await startServer((_, response) => {
      const { status = 200, body = '' } = reply(server.url)
      answer(response, status, body)
    })
    const client = createClient()
    const reading = async (): Promise<void> => {
      for await (const _ of client.paginate({ method: 'GET', url: server.url }, pagination));
    }
    await expect(reading()).rejects.toMatchObject({ code })
  })

test('a page that breaks off is read again, however long it is', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => ({ index, text: 'x'.repeat(20) }))
  const text = JSON.stringify(rows)
  const server = await startServer((_, response, count) => {
    if (count > 1) return answer(response, 200, rows)
    response.writeHead(200, { 'content-length': String(text.length) })
    response.write(text.slice(0, 100_000))
    setTimeout(() => response.destroy(), 10)
    return undefined
  })
  const client = createClient({ timers: new FakeTimers(), bufferBytes: 1000 })
  for await (const page of client.paginate(
    { method: 'GET', url: server.url },
    { style: 'page', size: 10_000 },
  )) {
    expect(page.items).toHaveLength(5000)
    expect(attemptsOf(page.response).map(({ error }) => error?.code)).toEqual([
      'EZ_RESPONSE_INCOMPLETE',
      undefined,
    ])
  }
})

test('a list of numbered pages ends by the items that came, not by those that were asked for', async () => {
  const server = await startServer((_, response) => answer(response, 200, { rows: [1], total: 3 }))
  const client = createClient()
  let items = 0
  for await (const page of client.paginate(
    { method: 'GET', url: server.url, query: { page: '{%min_num%}' } },
    { style: 'page', size: 2, items: 'rows', total: 'total' },
  ))
    items += page.items.length
  expect(items).toBe(3)
})

test('pages may be short when the server leaves items out', async () => {
  const server = await startServer((_, response, count) =>
    answer(response, 200, { rows: [1], more: count < 3 }),
  )
  const client = createClient()
  let items = 0
  for await (const page of client.paginate(
    { method: 'GET', url: server.url, query: { offset: '{%min_num%}' } },
    { style: 'offset', size: 2, items: 'rows', more: 'more', shortPages: true },
  ))
    items += page.items.length
  expect(items).toBe(3)
  expect(server.received.map(({ path }) => path)).toEqual(['/?offset=0', '/?offset=2', '/?offset=4'])
})

test('a first page that leads to itself is read once, and the error knows its attempts', async () => {
  const server = await startServer((_, response) => answer(response, 200, [1], { link: '</>; rel="next"' }))
  const pages = createClient().paginate({ method: 'GET', url: server.url }, { style: 'next-link' })
  await pages.next()
  const error = await caught(pages.next())
  expect(error.code).toBe('EZ_PAGE_REPEATED')
  expect(attemptsOf(error)).toHaveLength(1)
  expect(server.received).toHaveLength(1)
})

test.each([
  ["$['@odata.nextLink']", { value: [1] }, undefined],
  ['@odata.nextLink', { value: [1] }, undefined],
  ['paging.next', { paging: null }, undefined],
  ['paging.next', { page: {} }, 'EZ_PAGE_INVALID'],
  ['$.paging.next', { page: {} }, 'EZ_PAGE_INVALID'],
])('after a page, a link at %s of %j is the end or an error', async (path, body, code) => {
  const server = await startServer((_, response) => answer(response, 200, body))
  const pages = createClient().paginate({ method: 'GET', url: server.url }, { style: 'next-link', path })
  await pages.next()
  if (code === undefined) expect((await pages.next()).done).toBe(true)
  else expect((await caught(pages.next())).code).toBe(code)
})

test('finds a link under a name that holds a dot', async () => {
  const server = await startServer((request, response) =>
    answer(response, 200, request.path === '/' ? { value: [1], '@odata.nextLink': '/two' } : { value: [2] }),
  )
  for (const path of ['@odata.nextLink', "$['@odata.nextLink']"]) {
    const pages = createClient().paginate(
      { method: 'GET', url: server.url },
      { style: 'next-link', path, items: '$.value' },
    )
    const items: unknown[] = []
    for await (const page of pages) items.push(...page.items)
    expect(items).toEqual([1, 2])
  }
})
