import type { RequestTemplate } from '@ez/core'
import { expect, test } from 'vitest'
import { attemptsOf, createClient, type Pagination } from '../src/index.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

const all = Array.from({ length: 23 }, (_, index) => index)
const pageOf = (offset: number, size: number): number[] => all.slice(offset, offset + size)

interface Case {
  readonly title: string
  readonly template: Omit<RequestTemplate, 'url'> & { readonly path: string }
  readonly pagination: Pagination
  readonly serve: (
    query: URLSearchParams,
    headers: Record<string, string>,
    body: string,
  ) => {
    body: unknown
    headers?: Record<string, string>
  }
  readonly requests: number
}

const cases: readonly Case[] = [
  {
    title: 'offset and limit, with hasMore (NetSuite SuiteQL)',
    template: {
      method: 'POST',
      path: '?limit={%max_num%}&offset={%min_num%}',
      body: { json: { q: 'SELECT 1' } },
    },
    pagination: { style: 'offset', size: 10, items: 'items', more: 'hasMore' },
    serve: (query) => {
      const offset = Number(query.get('offset'))
      return {
        body: { items: pageOf(offset, Number(query.get('limit'))), hasMore: offset + 10 < all.length },
      }
    },
    requests: 3,
  },
  {
    title: 'offset and limit, with the number of all items',
    template: { method: 'GET', path: '?limit={%max_num%}&offset={%min_num%}' },
    pagination: { style: 'offset', size: 5, items: "['data']['rows']", total: 'data.total' },
    serve: (query) => ({
      body: { data: { rows: pageOf(Number(query.get('offset')), Number(query.get('limit'))), total: '23' } },
    }),
    requests: 5,
  },
  {
    title: 'page numbers, until a page is not full',
    template: { method: 'GET', path: '/', query: { page: '{%min_num%}', per_page: '{%max_num%}' } },
    pagination: { style: 'page', size: 10 },
    serve: (query) => ({ body: pageOf((Number(query.get('page')) - 1) * 10, Number(query.get('per_page'))) }),
    requests: 3,
  },
  {
    title: 'page numbers from zero, with the number of all pages',
    template: { method: 'GET', path: '/', query: { page: '{%min_num%}' } },
    pagination: { style: 'page', start: 0, items: 'items', pages: 'total_pages' },
    serve: (query) => ({ body: { items: pageOf(Number(query.get('page')) * 12, 12), total_pages: 2 } }),
    requests: 2,
  },
  {
    title: 'cursor in a header (Cosmos DB)',
    template: { method: 'POST', path: '/docs', body: { json: { query: 'SELECT * FROM c' } } },
    pagination: {
      style: 'cursor',
      header: 'x-ms-continuation',
      into: { header: 'x-ms-continuation' },
      items: 'Documents',
    },
    serve: (_, headers) => {
      const offset = Number(JSON.parse(headers['x-ms-continuation'] ?? '{"at":0}').at)
      const next = offset + 10
      return {
        body: { Documents: pageOf(offset, 10) },
        ...(next < all.length ? { headers: { 'x-ms-continuation': JSON.stringify({ at: next }) } } : {}),
      }
    },
    requests: 3,
  },
  {
    title: 'cursor in the body, into the query alone (SP-API)',
    template: { method: 'GET', path: '/orders?MarketplaceIds=A', query: { CreatedAfter: '2026-01-01' } },
    pagination: {
      style: 'cursor',
      path: 'payload.nextToken',
      into: { query: 'nextToken', alone: true },
      items: 'payload.orders',
    },
    serve: (query) => {
      const token = query.get('nextToken')
      if ((token === null) !== query.has('CreatedAfter')) return { body: 'mixed' }
      const offset = token === null ? 0 : Number(atob(token).slice(1))
      const next = offset + 10
      return {
        body: {
          payload: {
            orders: pageOf(offset, 10),
            ...(next < all.length ? { nextToken: btoa(`+${next}`) } : {}),
          },
        },
      }
    },
    requests: 3,
  },
  {
    title: 'cursor in the body, written as {%cursor_val%}',
    template: { method: 'POST', path: '/', body: { json: { after: '{%cursor_val%}' } } },
    pagination: { style: 'cursor', path: 'next', initial: null, items: 'items' },
    serve: (_, __, body) => {
      const offset = Number(JSON.parse(body).after ?? 0)
      return { body: { items: pageOf(offset, 10), next: offset + 10 < all.length ? offset + 10 : null } }
    },
    requests: 3,
  },
  {
    title: 'next link in the body, with braces that are no token',
    template: { method: 'GET', path: '/', query: { filter: 'a' } },
    pagination: { style: 'next-link', path: "['@odata.nextLink']", items: 'value' },
    serve: (query) => {
      const offset = Number(query.get('skip') ?? 0)
      const next = `/?skip=${offset + 10}&x={{host}}{%uuid%}`
      return {
        body: { value: pageOf(offset, 10), ...(offset + 10 < all.length ? { '@odata.nextLink': next } : {}) },
      }
    },
    requests: 3,
  },
  {
    title: 'next link in the Link header',
    template: { method: 'GET', path: '/' },
    pagination: { style: 'next-link' },
    serve: (query) => {
      const offset = Number(query.get('skip') ?? 0)
      const next = `<?skip=0>; rel="first", <?skip=${offset + 10}>; title="a, b"; rel="prefetch next"`
      return { body: pageOf(offset, 10), ...(offset + 10 < all.length ? { headers: { link: next } } : {}) }
    },
    requests: 3,
  },
]

for (const { title, template, pagination, serve, requests } of cases)
  test(`reads every page, each prepared anew: ${title}`, async () => {
    const server = await startServer((received, response, count) => {
      // Every second request fails at first, so that pages and attempts are told apart.
      if (count % 2 === 1) return answer(response, 429, '', { 'retry-after': '1' })
      const { body, headers } = serve(
        new URL(received.path, server.url).searchParams,
        { ...received.headers },
        received.body,
      )
      return answer(response, 200, body, headers)
    })
    let nonce = 0
    let uuid = 0
    const client = createClient({
      timers: new FakeTimers(),
      nonce: () => `nonce-${++nonce}`,
      uuid: () => `uuid-${++uuid}`,
      preRequest: [stampSigner()],
    })
    const { path, ...rest } = template
    const seen: unknown[] = []
    let number = 0
    for await (const page of client.paginate(
      { ...rest, url: server.url + path, headers: { 'idempotency-key': '{%uuid%}' } },
      pagination,
    )) {
      expect(page.number).toBe(++number)
      expect(attemptsOf(page.response).map(({ status }) => status)).toEqual([429, 200])
      expect(await page.response.json()).toEqual(page.body)
      seen.push(...page.items)
    }
    expect(seen).toEqual(all)
    expect(number).toBe(requests)
    expect(new Set(server.received.map(({ headers }) => headers['x-nonce'])).size).toBe(requests * 2)
    expect(server.received.map(({ headers }) => headers['idempotency-key'])).toEqual(
      Array.from({ length: requests * 2 }, (_, index) => `uuid-${Math.floor(index / 2) + 1}`),
    )
  })

test('time tokens are of the start, the same for all pages', async () => {
  const timers = new FakeTimers()
  const server = await startServer((_, response, count) => answer(response, 200, count < 4 ? [1] : []))
  const client = createClient({
    timers,
    clock: () => new Date(Date.UTC(2026, 0, 1, 23, 59, 50) + timers.now()),
  })
  const query = { page: '{%min_num%}', day: '{%today%}', until: '{%max_time%}', at: '{%now%}' }
  for await (const _ of client.paginate({ method: 'GET', url: server.url, query }, { style: 'page' }))
    await timers.wait(10_000)
  const queries = server.received.map(({ path }) => new URL(path, server.url).searchParams)
  expect(new Set(queries.map((one) => one.get('day')))).toEqual(new Set(['2026-01-01']))
  expect(new Set(queries.map((one) => one.get('until'))).size).toBe(1)
  expect(new Set(queries.map((one) => one.get('at'))).size).toBe(4)
})
