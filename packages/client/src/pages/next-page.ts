import { EzError, type RequestTemplate } from '@ez/core'
import { masked } from '../base/error.ts'
import { lenientHref } from '../base/lenient-href.ts'
import type { ClientResponse } from '../contract/client-response.ts'
import { attemptsOf } from '../response/attempts-of.ts'
import { nextLink } from './link-header.ts'
import type { CursorPagination, NumberPagination, OffsetPagination, Pagination } from './pagination.ts'
import { hasPlaceFor, valueAt } from './paths.ts'

/** One page of a list. */
export interface Page {
  /** From 1. */
  readonly number: number
  /** Unread; its attempts are known to `attemptsOf`. */
  readonly response: ClientResponse
  /** The body as parsed JSON; `undefined` when it is none. */
  readonly body: unknown
  /** The items of the page; empty when there is no array at their place. */
  readonly items: readonly unknown[]
}

/** What of a page tells how the list goes on. */
export type NumberedPage = Omit<Page, 'response'> & { readonly response: Pick<Response, 'headers' | 'url'> }

/** What the next page's request is made from. */
export interface PageRequest {
  readonly template: RequestTemplate
  readonly outputs: Readonly<Record<string, unknown>>
}

/** The request for the first page. */
export function firstRequest(template: RequestTemplate, pagination: Pagination): PageRequest {
  switch (pagination.style) {
    case 'offset':
      return { template, outputs: { min_num: pagination.start ?? 0, ...sizeOf(pagination) } }
    case 'page':
      return { template, outputs: { min_num: pagination.start ?? 1, ...sizeOf(pagination) } }
    case 'cursor':
      return { template, outputs: { cursor_val: pagination.initial === undefined ? '' : pagination.initial } }
    case 'next-link':
      return { template, outputs: {} }
  }
}

function sizeOf({ size }: OffsetPagination | NumberPagination): { max_num?: number } {
  return size === undefined ? {} : { max_num: size }
}

/**
 * The request for the page after this one; `undefined` when this is the last. `received` counts the items so far.
 *
 * @throws EZ_PAGE_INVALID, EZ_HOST_NOT_ALLOWED
 */
export function nextRequest(
  template: RequestTemplate,
  pagination: Pagination,
  page: NumberedPage,
  received: number,
): (PageRequest & { readonly mark?: string }) | undefined {
  switch (pagination.style) {
    case 'offset': {
      const offset = (pagination.start ?? 0) + page.number * pagination.size
      if (!hasMore(pagination, page, page.number * pagination.size)) return undefined
      refuseShort(pagination, page)
      return { template, outputs: { min_num: offset, max_num: pagination.size } }
    }
    case 'page': {
      const counted = listOf(page, pagination.items) !== undefined || pagination.size === undefined
      const read = counted ? received : page.number * (pagination.size ?? 0)
      return hasMore(pagination, page, read)
        ? { template, outputs: { min_num: (pagination.start ?? 1) + page.number, ...sizeOf(pagination) } }
        : undefined
    }
    case 'cursor': {
      if (pagination.more !== undefined && !isTrue(nextAt(page, pagination.more))) return undefined
      const cursor =
        pagination.header === undefined
          ? nextAt(page, pagination.path ?? '')
          : page.response.headers.get(pagination.header)
      if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return undefined
      return {
        template: withCursor(template, pagination),
        outputs: { cursor_val: cursor },
        mark: JSON.stringify(cursor),
      }
    }
    case 'next-link': {
      const link =
        pagination.path === undefined
          ? nextLink(page.response.headers.get('link'))
          : nextAt(page, pagination.path)
      if (link === undefined || link === null || link === '') return undefined
      const url = linkedUrl(link, page)
      // Whatever the server wrote is text, so no brace of it may open a token. The link has its own query.
      const { query: _, ...rest } = template
      return { template: { ...rest, url: url.replaceAll('{', '%7B') }, outputs: {}, mark: url }
    }
  }
}

// Servers leave out the last part of the path at the end of the list; what leads to it is there, or the path is wrong.
function nextAt(page: NumberedPage, path: string): unknown {
  if (!hasPlaceFor(page.body, path)) throw invalid(page, `nothing stands at ${path}`)
  return valueAt(page.body, path)
}

/** Whether there are pages after this one; `read` is how many items the list has had so far. */
function hasMore(
  { more, total, pages, items, size }: OffsetPagination | NumberPagination,
  page: NumberedPage,
  read: number,
): boolean {
  if (more !== undefined) return isTrue(valueAt(page.body, more))
  if (pages !== undefined) return page.number < numberAt(page, pages)
  const list = listOf(page, items)
  // A total may count what is gone by now, so a page without items is the last in any case.
  if (total !== undefined && (list !== undefined || size !== undefined))
    return list?.length !== 0 && read < numberAt(page, total)
  if (list === undefined)
    throw invalid(page, `there is no array ${items === undefined ? 'in the body' : `at ${items}`}`)
  return size === undefined ? list.length > 0 : list.length >= size
}

const isTrue = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && value !== 'false' && value !== 0

function listOf(page: NumberedPage, items: string | undefined): readonly unknown[] | undefined {
  const list = items === undefined ? page.body : valueAt(page.body, items)
  return Array.isArray(list) ? list : undefined
}

// The next offset would skip what the server did not give.
function refuseShort({ items, size, shortPages }: OffsetPagination, page: NumberedPage): void {
  const list = listOf(page, items)
  if (shortPages === true || list === undefined || list.length >= size) return
  throw new EzError(
    'EZ_PAGE_INVALID',
    `paginate: page ${page.number} holds ${list.length} of ${size} items, and is not the last: the rest would be skipped. Set size to what the server gives, or shortPages when it leaves items out.`,
  )
}

function numberAt(page: NumberedPage, path: string): number {
  const value = valueAt(page.body, path)
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw invalid(page, `there is no number at ${path}`)
  return number
}

function withCursor(template: RequestTemplate, { into }: CursorPagination): RequestTemplate {
  if (into === undefined) return template
  if ('header' in into)
    return {
      ...template,
      headers: [
        ...pairs(template.headers).filter(([name]) => name.toLowerCase() !== into.header.toLowerCase()),
        [into.header, '{%cursor_val%}'],
      ],
    }
  if (into.alone)
    return {
      ...template,
      url: template.url.split('?', 1)[0] as string,
      query: [[into.query, '{%cursor_val%}']],
    }
  return {
    ...template,
    query: [...pairs(template.query).filter(([name]) => name !== into.query), [into.query, '{%cursor_val%}']],
  }
}

function pairs<Value>(
  values: Record<string, Value> | readonly (readonly [string, Value])[] | undefined,
): (readonly [string, Value])[] {
  if (values === undefined) return []
  return Array.isArray(values)
    ? [...(values as readonly (readonly [string, Value])[])]
    : Object.entries(values as Record<string, Value>)
}

/** What was requested for a page, after redirects. */
export function urlOf({ response }: NumberedPage): string {
  return attemptsOf(response).at(-1)?.prepared.url ?? response.url
}

function linkedUrl(link: unknown, page: NumberedPage): string {
  const base = urlOf(page)
  if (typeof link !== 'string' || !URL.canParse(link, base))
    throw invalid(page, 'the link to the next page is no URL')
  const url = new URL(link, base)
  // The steps would sign for whoever the answer names.
  if (url.origin !== new URL(base).origin) {
    const { prepared } = attemptsOf(page.response).at(-1) ?? {}
    const other = prepared ? masked(url.origin, prepared) : url.origin
    throw new EzError(
      'EZ_HOST_NOT_ALLOWED',
      `paginate: page ${page.number} leads to another origin, ${other}. Call that one with a template of its own.`,
    )
  }
  return lenientHref(url)
}

function invalid(page: NumberedPage, problem: string): EzError {
  return new EzError(
    'EZ_PAGE_INVALID',
    `paginate: page ${page.number}: ${problem}, so the next page is not known. Check the paths.`,
  )
}
