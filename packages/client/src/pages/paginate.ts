import { EzError, type RequestTemplate } from '@ez/core'
import { AnsweredResponse } from '../response/answered-response.ts'
import { attemptsOf, rememberAttempts } from '../response/attempts-of.ts'
import { statusError } from '../send/status-error.ts'
import {
  firstRequest,
  type NumberedPage,
  nextRequest,
  type Page,
  type PageRequest,
  urlOf,
} from './next-page.ts'
import type { Pagination } from './pagination.ts'
import { valueAt } from './paths.ts'

const guard = 10_000

/** What a page's request gave: the answer, and what of it tells how the list goes on. */
export type FetchedPage = Omit<Page, 'number' | 'response'> & {
  readonly response: Pick<Response, 'headers' | 'url'>
}

/** Reads a list page by page; each page's request is prepared anew. */
export async function* pagesOf(
  template: RequestTemplate,
  pagination: Pagination,
  sendPage: (request: PageRequest) => Promise<AnsweredResponse>,
): AsyncGenerator<Page, void, undefined> {
  let number = 0
  const fetchPage = async (request: PageRequest): Promise<Page> => {
    number += 1
    return readPage(await sendPage(request), number, pagination)
  }
  yield* listPages(template, pagination, fetchPage)
}

/**
 * The pages of a list, fetched one after the other.
 *
 * @throws EZ_PAGE_INVALID, EZ_PAGE_REPEATED, EZ_PAGES_ENDLESS, EZ_HOST_NOT_ALLOWED
 */
export async function* listPages<Fetched extends FetchedPage>(
  template: RequestTemplate,
  pagination: Pagination,
  fetchPage: (request: PageRequest) => Promise<Fetched>,
): AsyncGenerator<Fetched, void, undefined> {
  const { maxPages } = pagination
  const seen = new Set<string>()
  let request: PageRequest | undefined = firstRequest(template, pagination)
  let received = 0
  for (let number = 1; request; number += 1) {
    if (maxPages === undefined && number > guard)
      throw new EzError(
        'EZ_PAGES_ENDLESS',
        `paginate: the list does not end: it has more than ${guard} pages. Set maxPages to read a part.`,
      )
    const fetched: Fetched = await fetchPage(request)
    yield fetched
    if (number === maxPages) return
    received += fetched.items.length
    const page: NumberedPage = { ...fetched, number }
    // The first page may be led back to as well.
    if (number === 1 && pagination.style === 'next-link') seen.add(urlOf(page))
    try {
      const next = nextRequest(template, pagination, page, received)
      if (next?.mark !== undefined) {
        if (seen.has(next.mark)) throw repeated(number)
        seen.add(next.mark)
      }
      request = next
    } catch (error) {
      if (EzError.isInstance(error)) rememberAttempts(error, attemptsOf(page.response))
      throw error
    }
  }
}

async function readPage(answer: AnsweredResponse, number: number, pagination: Pagination): Promise<Page> {
  const attempts = attemptsOf(answer)
  const bytes = await answer.bytes()
  if (!answer.ok) {
    const last = attempts.at(-1)
    const error = last
      ? statusError(last, { status: answer.status, headers: [...answer.headers], body: bytes })
      : new EzError('EZ_HTTP_STATUS', `paginate: page ${number} answered ${answer.status}.`)
    rememberAttempts(error, attempts)
    throw error
  }
  const response = AnsweredResponse.unread(answer, bytes)
  const body = parsed(bytes)
  const items = pagination.items === undefined ? body : valueAt(body, pagination.items)
  return { number, response, body, items: Array.isArray(items) ? items : [] }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

function repeated(number: number): EzError {
  return new EzError(
    'EZ_PAGE_REPEATED',
    `paginate: page ${number} leads back to a page that was read. Check where the next page is told, or set maxPages.`,
    { details: { page: number } },
  )
}
