import { EzError } from '@ez/core'
import { isJsonPath, leadsToNone } from '../base/json-path.ts'
import type { Pagination } from '../pages/pagination.ts'
import { valueAt } from '../pages/paths.ts'
import type { Answer } from './answer/answer.ts'

/** What a pagination script sees of the last answer. */
export interface PageAnswer {
  /** From 1. */
  readonly number: number
  /** HTTP status. */
  readonly status: number
  /** Pairs, names in lower case. */
  readonly headers: readonly (readonly [string, string])[]
  /** The body as JSON; `undefined` when it is none. */
  readonly json: unknown
  /** The body as text. */
  readonly text: string
  /** Records so far. */
  readonly records: number
  /** The runtime values that this page was asked for with. */
  readonly values: Readonly<Record<string, unknown>>
}

/** A function that says how a list goes on. */
export interface ScriptPagination {
  /** Tells this way from the others. */
  readonly style: 'script'
  /** JSONPath of the items. */
  readonly items?: string
  /** Runtime values `{%name%}` of the first page. */
  readonly initial?: Readonly<Record<string, unknown>>
  /** The next request's runtime values; nothing after the last page. */
  readonly next: (
    answer: PageAnswer,
  ) =>
    | Readonly<Record<string, unknown>>
    | undefined
    | null
    | Promise<Readonly<Record<string, unknown>> | undefined | null>
  /** Pages to read at most. Without it, more than 10,000 are `EZ_PAGES_ENDLESS`. */
  readonly maxPages?: number
}

/** How a flow step's list goes on after its first page. */
export type FlowPagination = Pagination | ScriptPagination

const guard = 10_000

/**
 * Reads a list whose next page a script tells.
 *
 * @throws EZ_PAGE_REPEATED when the script gives the values of a page that was read; EZ_PAGES_ENDLESS
 */
export async function* scriptedPages<Page extends { readonly answer: Answer }>(
  pagination: ScriptPagination,
  step: string,
  send: (outputs: Readonly<Record<string, unknown>>) => Promise<Page>,
  count: () => number,
): AsyncGenerator<Page, void, undefined> {
  let outputs: Readonly<Record<string, unknown>> = pagination.initial ?? {}
  const seen = new Set([JSON.stringify(outputs)])
  for (let number = 1; ; number += 1) {
    if (pagination.maxPages === undefined && number > guard)
      throw new EzError(
        'EZ_PAGES_ENDLESS',
        `${step}: it has more than ${guard} pages. Set maxPages to read a part.`,
      )
    const page = await send(outputs)
    yield page
    if (number === pagination.maxPages) return
    const { status, headers, json, text } = page.answer
    const next = await pagination.next({
      number,
      status,
      headers: [...headers],
      json,
      text,
      records: count(),
      values: outputs,
    })
    if (next === undefined || next === null) return
    const mark = JSON.stringify(next)
    if (seen.has(mark))
      throw new EzError(
        'EZ_PAGE_REPEATED',
        `${step}: the pagination script leads back to a page that was read (page ${number + 1}). Return nothing after the last page.`,
        { details: { step, page: number + 1 } },
      )
    seen.add(mark)
    outputs = next
  }
}

/**
 * The records of an answer.
 *
 * @throws EZ_RECORD_INVALID when there is no list at the path
 */
export async function recordsOf(answer: Answer, path: string | undefined, step: string): Promise<unknown[]> {
  const { format } = answer
  if (format === 'xml') {
    if (path === undefined) throw noList(step, 'an XML answer needs records, an XPath')
    return (await answer.xml()).records(path)
  }
  if (format === 'csv' || format === 'ndjson') {
    const { parseRecords } = await import('./answer/record-formats.ts')
    return parseRecords(answer.text, format, step)
  }
  const { json } = answer
  const found = path === undefined ? json : valueAt(json, path)
  if (Array.isArray(found)) return found
  // A path to many places finds nothing in an empty list, or where its filter fits nothing.
  if (path !== undefined && isJsonPath(path) && json !== undefined && leadsToNone(json, path)) return []
  throw noList(step, `there is no list ${path === undefined ? 'in the answer' : `at ${path}`}`)
}

function noList(step: string, problem: string): EzError {
  return new EzError('EZ_RECORD_INVALID', `${step}: ${problem}. Correct records.`, { details: { step } })
}
