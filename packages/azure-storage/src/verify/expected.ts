import type { Received } from './received.ts'

const standard = ['if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range']

/** The headers that Shared Key signs beside `x-ms-…`. */
export const signedHeaders: readonly string[] = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  ...standard,
]

/** A way to read a request: as tables are signed, or as all else is. */
export interface Reading {
  readonly isTable: boolean
  readonly isLite: boolean
}

/** The string to sign of a request, read in one way. */
export function expectedString(
  accountName: string,
  received: Received,
  { isTable, isLite }: Reading,
  bodyLength: number,
): string {
  if (isTable) return expectedForTable(accountName, received, isLite)
  return isLite
    ? expectedSharedKeyLite(accountName, received)
    : expectedSharedKey(accountName, received, bodyLength)
}

/** What Shared Key signs, as the received request gives it; written apart from the signer's. */
function expectedSharedKey(accountName: string, received: Received, bodyLength: number): string {
  const { method, url, headers } = received
  const of = (name: string): string => headers.get(name) ?? ''
  const parts = [method, of('content-encoding'), of('content-language'), String(bodyLength || '')]
  parts.push(of('content-md5'), of('content-type'), headers.has('x-ms-date') ? '' : of('date'))
  parts.push(...standard.map(of))
  const byName = new Map<string, string[]>()
  for (const [name, value] of received.query) {
    const values = byName.get(name.toLowerCase()) ?? []
    if (values.push(value) === 1) byName.set(name.toLowerCase(), values)
  }
  const parameters = [...byName].sort(([a], [b]) => (a < b ? -1 : 1))
  const query = parameters.map(([name, values]) => `\n${name}:${values.sort()}`).join('')
  return `${parts.join('\n')}\n${extensionHeaders(headers)}/${accountName}${url.pathname}${query}`
}

/** What Shared Key Lite signs. */
function expectedSharedKeyLite(accountName: string, received: Received): string {
  const { method, headers } = received
  const of = (name: string): string => headers.get(name) ?? ''
  const date = headers.has('x-ms-date') ? '' : of('date')
  const resource = resourceWithComponent(accountName, received)
  return `${method}\n${of('content-md5')}\n${of('content-type')}\n${date}\n${extensionHeaders(headers)}${resource}`
}

/** What Shared Key and Shared Key Lite sign for tables: no header but three, or the date alone. */
function expectedForTable(accountName: string, received: Received, isLite: boolean): string {
  const of = (name: string): string => received.headers.get(name) ?? ''
  const date = of('x-ms-date') || of('date')
  const first = isLite ? '' : `${received.method}\n${of('content-md5')}\n${of('content-type')}\n`
  return `${first}${date}\n${resourceWithComponent(accountName, received)}`
}

function resourceWithComponent(accountName: string, { url, query }: Received): string {
  const component = query.find(([name]) => /^comp$/i.test(name))
  return `/${accountName}${url.pathname}${component ? `?comp=${component[1]}` : ''}`
}

function extensionHeaders(headers: ReadonlyMap<string, string>): string {
  const names = [...headers.keys()].filter((name) => name.startsWith('x-ms-'))
  const keyed = names.map((name) => ({ name, key: sortKey(name) }))
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1))
  return keyed.map(({ name }) => `${name}:${headers.get(name)?.trim()}\n`).join('')
}

/**
 * A text by whose code units names sort as the service sorts them: punctuation, then digits, then letters; hyphens and
 * apostrophes weigh nothing until all else is equal.
 */
function sortKey(name: string): string {
  let primary = ''
  let last = ''
  for (const character of name) {
    const place = '!#$%&*.^_`|~+'.indexOf(character)
    if (character === '-' || character === "'") last += character === '-' ? '\x04' : '\x03'
    else {
      primary += place < 0 ? character : String.fromCharCode(place + 5)
      last += '\x02'
    }
  }
  return `${primary}\x01${last}`
}
