import type { Pairs } from '@ez/core'
import type { Pair, Reading, Source } from '../run/run.ts'
import { unsignable } from '../run/values.ts'

/** What a sender added to a request once it was signed, by the place. */
export interface Added {
  readonly headers: readonly string[]
  readonly query: readonly string[]
  readonly cookies: readonly string[]
  readonly form: readonly string[]
  readonly json: readonly string[]
  /** The number of the segment of the path. */
  readonly segment: number | undefined
}

/** A URL in its parts, as it was called. */
interface Parts {
  readonly scheme: string
  readonly authority: string
  readonly path: string
  readonly query: string
}

const partsPattern = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i
const pairPattern = /([^&=]*)(=?)([^&]*)(?:&|$)/g
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A received request without what its signature was written to. The readers are its own: no signer uses them. */
export class ReceivedSource implements Source {
  readonly #method: string
  readonly #headers: Pairs
  readonly #parts: Parts
  readonly #body: Uint8Array
  readonly #added: Added

  constructor(method: string, url: string, headers: Pairs, body: Uint8Array, added: Added) {
    const [, scheme = '', authority = '', path = '', query = ''] = partsPattern.exec(url) ?? []
    this.#method = method
    this.#parts = { scheme, authority, path: path === '' ? '/' : path, query }
    this.#added = added
    this.#headers = joinedHeaders(headers, added)
    this.#body = this.#withoutAdded(body)
  }

  method(): string {
    return this.#method
  }

  scheme(): string {
    return this.#parts.scheme
  }

  host(): string {
    return this.#parts.authority
  }

  hostname(): string {
    const end = this.#parts.authority.lastIndexOf(':')
    return end > this.#parts.authority.lastIndexOf(']')
      ? this.#parts.authority.slice(0, end)
      : this.#parts.authority
  }

  port(): string {
    const { authority, scheme } = this.#parts
    return authority.slice(this.hostname().length + 1) || (scheme.toLowerCase() === 'https' ? '443' : '80')
  }

  path(): string {
    const { segment } = this.#added
    if (segment === undefined) return this.#parts.path
    const segments = segmentsOf(this.#parts.path)
    segments.splice(segment < 0 ? segments.length + segment : segment, 1)
    return `/${segments.join('/')}`
  }

  query(): string {
    return withoutNames(this.#parts.query, this.#added.query)
  }

  body(): Uint8Array {
    return this.#body
  }

  header(name: string): string | undefined {
    const found = this.#headers.find(([known]) => known === name)
    return found ? found[1] : name === 'host' ? this.#parts.authority : undefined
  }

  headers(): Pairs {
    return this.#headers
  }

  contentType(): string | undefined {
    return this.header('content-type')
  }

  queryPairs(reading: Reading): readonly Pair[] {
    return readPairs(this.query(), reading, 'query')
  }

  formPairs(reading: Reading): readonly Pair[] | undefined {
    if (this.#body.length === 0) return []
    const type = /^[^;]*/
      .exec(this.contentType() ?? '')?.[0]
      .trim()
      .toLowerCase()
    return type === 'application/x-www-form-urlencoded'
      ? readPairs(decode(this.#body), reading, 'form')
      : undefined
  }

  json(): unknown {
    try {
      return JSON.parse(decode(this.#body)) as unknown
    } catch {
      throw unsignable('it is no JSON')
    }
  }

  #withoutAdded(body: Uint8Array): Uint8Array {
    const { form, json } = this.#added
    if (form.length > 0) return new TextEncoder().encode(withoutNames(decode(body), form))
    if (json.length === 0) return body
    const value = parsed(decode(body))
    for (const pointer of json) remove(value, pointer)
    return new TextEncoder().encode(JSON.stringify(value))
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unsignable('it is no JSON')
  }
}

function remove(value: unknown, pointer: string): void {
  const names = pointer.split('/').slice(1)
  const last = (names.pop() ?? '').replaceAll('~1', '/').replaceAll('~0', '~')
  let inside = value
  for (const name of names) inside = (inside as Record<string, unknown> | null | undefined)?.[name]
  if (typeof inside === 'object' && inside !== null) delete (inside as Record<string, unknown>)[last]
}

function decode(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    throw unsignable('it is no UTF-8 text')
  }
}

/** The segments of a path. */
export const segmentsOf = (path: string): string[] => path.replace(/^\//, '').split('/')

// Repeated headers are one, as every sender that signs takes them.
function joinedHeaders(headers: Pairs, { headers: names, cookies }: Added): Pairs {
  const joined = new Map<string, string>()
  for (const [name, value] of headers) {
    if (names.includes(name)) continue
    const before = joined.get(name)
    joined.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`)
  }
  const cookie = joined.get('cookie')
  if (cookie !== undefined && cookies.length > 0) {
    const kept = cookie.split(/; */).filter((part) => !cookies.includes(part.split('=')[0] ?? ''))
    if (kept.length > 0) joined.set('cookie', kept.join('; '))
    else joined.delete('cookie')
  }
  return [...joined]
}

/** A query or form without some names. */
function withoutNames(text: string, names: readonly string[]): string {
  if (names.length === 0) return text
  const isKept = (part: string): boolean => {
    const [first = ''] = part.split('=')
    try {
      return !names.includes(decodeURIComponent(first))
    } catch {
      return true
    }
  }
  return text.split('&').filter(isKept).join('&')
}

function readPairs(text: string, reading: Reading, where: string): Pair[] {
  const pairs: Pair[] = []
  const plain = (part: string): string => {
    if (reading === 'raw') return part
    try {
      return decodeURIComponent(reading === 'form' ? part.split('+').join(' ') : part)
    } catch {
      throw unsignable(`the ${where} is not percent-encoded UTF-8`)
    }
  }
  for (const [whole, name = '', equals = '', value = ''] of text.matchAll(pairPattern))
    if (whole !== '' && whole !== '&')
      pairs.push({ name: plain(name), value: plain(value), bare: equals === '' })
  return pairs
}
