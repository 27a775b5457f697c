import { expect, test } from 'vitest'
import { attemptsOf, createClient, type Pagination } from '../src/index.ts'
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
    title: 'a cursor that comes again',
    code: 'EZ_PAGES_ENDLESS',
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
