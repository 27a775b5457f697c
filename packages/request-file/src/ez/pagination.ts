import type { RequestValue } from '../model/request-value.ts'
import { type Fields, field, isFields, jsonPathOf, numberField, plainKey, textField } from './fields.ts'
import { paginationScript } from './pagination-script.ts'

/** How a list of the product goes on, in the words of a flow step. */
export interface ImportedPagination {
  readonly paginate: Readonly<Record<string, unknown>>
  /** The request, with the page's values where the export leaves that to the product. */
  readonly request: RequestValue
  readonly notes: readonly string[]
  readonly files?: Readonly<Record<string, string>>
}

const guessedSize = 100

/**
 * Reads the pagination of an API step: next URL, offset, page count, with body, cursor, encoded token, or a script.
 *
 * Sources: eZintegrations, "API Pagination Methods", "API Numeric Parameters", "Define Pagination with Custom Logic".
 */
export function paginationOf(
  step: Fields,
  request: RequestValue,
  id: string,
): ImportedPagination | undefined {
  const pagination = field(step, 'Pagination')
  if (!isFields(pagination)) return undefined
  const style = plainKey(textField(pagination, 'Pagination Style', 'Pagination Type', 'Style', 'Type') ?? '')
  const script = textField(
    pagination,
    ...['Script', 'Python Script', 'Custom Script', 'Pagination Script', 'Custom Logic', 'Custom Pagination'],
  )
  if (style === '' || /^(?:no|none|nopagination)$/.test(style)) {
    if (script === undefined) return undefined
  }
  const found = field(step, 'Numeric Params', 'Numeric Parameters') ?? field(pagination, 'Numeric Params')
  const numbers = isFields(found) ? found : {}
  const collection = textField(pagination, 'Data Collection Key')
  const items = collection === undefined ? undefined : jsonPathOf(collection)
  const shared: Shared = {
    ...(items !== undefined && { items }),
    userKey: textField(pagination, 'User Key'),
    keyToUpdate: textField(pagination, 'Key Name to Update', 'Key to Update', 'Key Name'),
    start: numberField(numbers, 'Minimum Number', 'Min Number', 'Minimum'),
    size: numberField(numbers, 'Maximum Number', 'Max Number', 'Maximum'),
  }
  if (script !== undefined || style.includes('custom')) return scripted(script, request, id, shared)
  if (/nexturl|nextlink/.test(style)) return linked(request, shared)
  if (/cursor|token/.test(style)) return byCursor(request, shared)
  if (/page/.test(style)) return byNumber('page', request, shared)
  if (/offset/.test(style)) return byNumber('offset', request, shared)
  if (/body/.test(style))
    return JSON.stringify(request.body ?? '').includes('{%cursor_val%}')
      ? byCursor(request, shared)
      : byNumber('offset', request, shared)
  return undefined
}

interface Shared {
  readonly items?: string
  readonly userKey: string | undefined
  readonly keyToUpdate: string | undefined
  readonly start: number | undefined
  readonly size: number | undefined
}

function linked(request: RequestValue, { items, userKey }: Shared): ImportedPagination {
  return {
    request,
    paginate: {
      style: 'next-link',
      ...(userKey !== undefined && { path: jsonPathOf(userKey) }),
      ...(items !== undefined && { items }),
    },
    notes: [],
  }
}

function byNumber(
  style: 'offset' | 'page',
  request: RequestValue,
  { items, userKey, keyToUpdate, start, size }: Shared,
): ImportedPagination {
  const notes: string[] = []
  const given = size !== undefined && size >= 1 ? Math.floor(size) : sizeInQuery(request)
  if (style === 'offset' && given === undefined)
    notes.push(
      `The export does not say how many items a page has: ${guessedSize} is a guess. Correct size, and send it with the request.`,
    )
  // "hasMore" says whether there are more; "total_pages" how many there are.
  const end =
    userKey === undefined
      ? {}
      : style === 'page' && !/more|next/i.test(userKey)
        ? { pages: jsonPathOf(userKey) }
        : /total|count/i.test(userKey)
          ? { total: jsonPathOf(userKey) }
          : { more: jsonPathOf(userKey) }
  const own = given ?? (style === 'offset' ? guessedSize : undefined)
  return {
    request: withKey(request, keyToUpdate, 'min_num'),
    paginate: {
      style,
      ...(own !== undefined && { size: own }),
      ...(start !== undefined && { start }),
      ...(items !== undefined && { items }),
      ...end,
    },
    notes,
  }
}

function byCursor(request: RequestValue, { items, userKey, keyToUpdate }: Shared): ImportedPagination {
  const isPlaced = JSON.stringify(request).includes('{%cursor_val%}')
  return {
    request,
    paginate: {
      style: 'cursor',
      path: userKey === undefined ? '$.next' : jsonPathOf(userKey),
      ...(items !== undefined && { items }),
      ...(!isPlaced && keyToUpdate !== undefined && { into: { query: keyToUpdate } }),
    },
    notes:
      userKey === undefined
        ? ['The export does not say where the next cursor stands: correct path under paginate.']
        : [],
  }
}

function scripted(
  script: string | undefined,
  request: RequestValue,
  id: string,
  { items, start, size }: Shared,
): ImportedPagination {
  const file = `${id}-pages.py`
  const { text, initial, notes } = paginationScript(script ?? '', request, {
    ...(start !== undefined && { min_num: start }),
    ...(size !== undefined && { max_num: size }),
  })
  return {
    request,
    paginate: {
      style: 'script',
      script: `./${file}`,
      ...(items !== undefined && { items }),
      ...(Object.keys(initial).length > 0 && { initial }),
    },
    notes,
    files: { [file]: text },
  }
}

// A parameter that the product changes from page to page, where the export does not say it with a token.
function withKey(request: RequestValue, key: string | undefined, token: string): RequestValue {
  if (key === undefined || JSON.stringify(request).includes(`{%${token}%}`)) return request
  const { query = {} } = request
  if (Array.isArray(query))
    return { ...request, query: [...query.filter(([name]) => name !== key), [key, `{%${token}%}`]] }
  return { ...request, query: { ...query, [key]: `{%${token}%}` } }
}

function sizeInQuery({ query = {} }: RequestValue): number | undefined {
  const pairs = Array.isArray(query) ? query : Object.entries(query)
  const found = pairs.find(([name]) => /^(?:limit|per_?page|page_?size|size|\$top)$/i.test(name))?.[1]
  const number = Number(found)
  return found !== undefined && Number.isInteger(number) && number > 0 ? number : undefined
}
