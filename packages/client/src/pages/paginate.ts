import { EzError, type RequestTemplate } from '@ez/core'
import { attemptsOf, rememberAttempts } from '../contract/attempts.ts'
import { statusError } from '../send/status-error.ts'
import { rebuiltResponse } from '../transport/response.ts'
import { firstRequest, nextRequest, type Page, type PageRequest, urlOf } from './next-page.ts'
import type { Pagination } from './pagination.ts'
import { valueAt } from './paths.ts'

type SendPage = (request: PageRequest) => Promise<Response>

const guard = 10_000

/** Reads a list page by page; each page's request is prepared anew. */
export async function* pagesOf(
  template: RequestTemplate,
  pagination: Pagination,
  sendPage: SendPage,
): AsyncGenerator<Page, void, undefined> {
  const { maxPages } = pagination
  const seen = new Set<string>()
  let request: PageRequest | undefined = firstRequest(template, pagination)
  let received = 0
  for (let number = 1; request; number += 1) {
    if (maxPages === undefined && number > guard) throw endless(`it has more than ${guard} pages`)
    const page: Page = await readPage(await sendPage(request), number, pagination)
    yield page
    if (number === maxPages) return
    received += page.items.length
    // The first page may be led back to as well.
    if (number === 1 && pagination.style === 'next-link') seen.add(urlOf(page))
    try {
      const next = nextRequest(template, pagination, page, received)
      if (next?.mark !== undefined) {
        if (seen.has(next.mark)) throw endless('a page leads back to one that was read')
        seen.add(next.mark)
      }
      request = next
    } catch (error) {
      if (EzError.isInstance(error)) rememberAttempts(error, attemptsOf(page.response))
      throw error
    }
  }
}

async function readPage(answer: Response, number: number, pagination: Pagination): Promise<Page> {
  const attempts = attemptsOf(answer)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (!answer.ok) {
    const last = attempts.at(-1)
    const error = last
      ? statusError(last, { status: answer.status, headers: [...answer.headers], body: bytes })
      : new EzError('EZ_HTTP_STATUS', `paginate: page ${number} answered ${answer.status}.`)
    rememberAttempts(error, attempts)
    throw error
  }
  const response = rebuiltResponse(answer, bytes)
  rememberAttempts(response, attempts)
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

function endless(problem: string): EzError {
  return new EzError(
    'EZ_PAGES_ENDLESS',
    `paginate: the list does not end: ${problem}. Set maxPages to read a part.`,
  )
}
