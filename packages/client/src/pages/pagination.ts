import { checkOptions, EzError } from '@ez/core'

/** How the end of numbered pages is told; without any of them, a page that is not full is the last. */
export interface PageEnd {
  /** Path of the items in the body (default: the body itself is the array). */
  readonly items?: string
  /** Path of the number of all items. */
  readonly total?: string
  /** Path of the number of all pages. */
  readonly pages?: string
  /** Path of a value that is true while there are more pages. */
  readonly more?: string
}

/** `{%min_num%}` is the offset of the page's first item, `{%max_num%}` the size of a page. */
export interface OffsetPagination extends PageEnd {
  /** Tells this way from the others. */
  readonly style: 'offset'
  /** Items that are asked for at a time. */
  readonly size: number
  /** Offset of the first page (default 0). */
  readonly start?: number
  /**
   * A page before the last may hold fewer items than `size`, since the server leaves some out. Otherwise such a page is
   * an error: a server that gives fewer than were asked for would have the rest skipped.
   */
  readonly shortPages?: boolean
}

/** `{%min_num%}` is the number of the page, `{%max_num%}` the size of a page. */
export interface NumberPagination extends PageEnd {
  /** Tells this way from the others. */
  readonly style: 'page'
  /** Items that are asked for at a time. */
  readonly size?: number
  /** Number of the first page (default 1). */
  readonly start?: number
}

/** `{%cursor_val%}` is what the page before gave. */
export interface CursorPagination {
  /** Tells this way from the others. */
  readonly style: 'cursor'
  /** Header of the answer that holds the next cursor: `x-ms-continuation`. */
  readonly header?: string
  /** Path of the next cursor in the body: `payload.nextToken`. */
  readonly path?: string
  /** Path of the items in the body (default: the body itself, when it is an array). */
  readonly items?: string
  /** Path of a value that is true while there are more pages: `data.orders.pageInfo.hasNextPage`. */
  readonly more?: string
  /** `{%cursor_val%}` on the first page (default: empty). */
  readonly initial?: unknown
  /** Where the cursor goes from the second page on, when the template does not say it with `{%cursor_val%}`. */
  readonly into?:
    | { readonly header: string }
    | {
        readonly query: string
        /** Leave out the template's own query beside it. */
        readonly alone?: boolean
      }
}

/** The answer says where the next page is. */
export interface LinkPagination {
  /** Tells this way from the others. */
  readonly style: 'next-link'
  /** Path of the link in the body (default: `Link: <…>; rel="next"` in the headers). */
  readonly path?: string
  /** Path of the items in the body (default: the body itself, when it is an array). */
  readonly items?: string
}

/** How a list goes on after its first page. */
export type Pagination = (OffsetPagination | NumberPagination | CursorPagination | LinkPagination) & {
  /** Pages to read at most. Without it, more than 10,000 are `EZ_PAGES_ENDLESS`. */
  readonly maxPages?: number
}

const end = { items: 'string?', total: 'string?', pages: 'string?', more: 'string?' }
const rules: Record<Pagination['style'], Record<string, string>> = {
  offset: { ...end, size: 'number', start: 'number?', shortPages: 'boolean?' },
  page: { ...end, size: 'number?', start: 'number?' },
  cursor: {
    header: 'string?',
    path: 'string?',
    items: 'string?',
    more: 'string?',
    initial: 'any?',
    into: 'object?',
  },
  'next-link': { path: 'string?', items: 'string?' },
}

/** @throws EZ_OPTION_INVALID */
export function checkPagination(pagination: Pagination): void {
  const style: unknown = pagination?.style
  if (typeof style !== 'string' || !Object.hasOwn(rules, style))
    throw new EzError(
      'EZ_OPTION_INVALID',
      `paginate: option style must be one of ${Object.keys(rules).join(', ')}.`,
    )
  checkOptions('paginate', pagination, {
    style: 'string',
    maxPages: 'number?',
    ...rules[style as Pagination['style']],
  })
  const { maxPages } = pagination
  const size = 'size' in pagination ? pagination.size : undefined
  for (const [name, value] of Object.entries({ maxPages, size }))
    if (value !== undefined && (value < 1 || !Number.isInteger(value)))
      throw new EzError('EZ_OPTION_INVALID', `paginate: option ${name} must be a whole number, 1 or more.`)
  if (pagination.style === 'cursor' && (pagination.header === undefined) === (pagination.path === undefined))
    throw new EzError(
      'EZ_OPTION_INVALID',
      'paginate: give header or path, whichever holds the next cursor, not both.',
    )
  if (pagination.style === 'cursor' && pagination.into) {
    const { into } = pagination
    checkOptions(
      'paginate.into',
      into,
      'header' in into ? { header: 'string' } : { query: 'string', alone: 'boolean?' },
    )
  }
}
