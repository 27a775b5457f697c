import type { Pairs, ResolvedRequest } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import { mediaType } from '../compile/condition.ts'
import { parse } from '../compile/json.ts'
import { decodePercent } from '../compile/transform.ts'
import type { Pair, Reading, Source } from '../run/run.ts'
import { textOf, unsignable } from '../run/values.ts'

/** What is written before the signature is known; each part is worked out when it is first read. */
export interface Early {
  headers(): Pairs
  query(): Pairs
  /** The body with what is written to it. */
  body(body: Uint8Array): Uint8Array
}

const empty = new Uint8Array()
const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

/** A resolved request, with what is written to it early, as pieces read it. */
export class RequestSource implements Source {
  readonly #request: ResolvedRequest
  readonly #early: Early
  readonly #scheme: string
  readonly #host: string
  readonly #path: string
  readonly #query: string
  #body: Uint8Array | undefined
  #fullQuery: string | undefined

  constructor(request: ResolvedRequest, early: Early) {
    this.#request = request
    this.#early = early
    const { url } = request
    const hostAt = url.indexOf('://') + 3
    const pathAt = url.indexOf('/', hostAt)
    const question = url.indexOf('?', pathAt)
    this.#scheme = url.slice(0, hostAt - 3)
    this.#host = url.slice(hostAt, pathAt)
    this.#path = question < 0 ? url.slice(pathAt) : url.slice(pathAt, question)
    this.#query = question < 0 ? '' : url.slice(question + 1)
  }

  method(): string {
    return this.#request.method
  }

  scheme(): string {
    return this.#scheme
  }

  host(): string {
    return this.#host
  }

  hostname(): string {
    return this.#host.replace(/:\d+$/, '')
  }

  port(): string {
    return /:(\d+)$/.exec(this.#host)?.[1] ?? defaultPorts[this.#scheme] ?? ''
  }

  path(): string {
    return this.#path
  }

  query(): string {
    this.#fullQuery ??= appended(this.#query, this.#early.query())
    return this.#fullQuery
  }

  body(): Uint8Array {
    if (this.#body === undefined) {
      const { body } = this.#request
      if (body !== null && !(body instanceof Uint8Array))
        throw unsignable('it is a stream. Send bytes, or choose a scheme that leaves the body unsigned')
      this.#body = this.#early.body(body ?? empty)
    }
    return this.#body
  }

  header(name: string): string | undefined {
    for (const [known, value] of this.#early.headers()) if (known === name) return value
    for (const [known, value] of this.#request.headers) if (known === name) return value
    return name === 'host' ? this.#host : undefined
  }

  headers(): Pairs {
    const early = this.#early.headers()
    return [...this.#request.headers.filter(([name]) => !early.some(([other]) => other === name)), ...early]
  }

  contentType(): string | undefined {
    return this.#request.headers.find(([name]) => name === 'content-type')?.[1]
  }

  queryPairs(reading: Reading): readonly Pair[] {
    return pairsOf(this.query(), reading, 'query')
  }

  formPairs(reading: Reading): readonly Pair[] | undefined {
    const body = this.body()
    if (body.length === 0) return []
    if (mediaType(this.contentType()) !== 'application/x-www-form-urlencoded') return undefined
    return pairsOf(textOf(body), reading, 'form')
  }

  json(): unknown {
    return parse(textOf(this.body()))
  }
}

function appended(query: string, pairs: Pairs): string {
  const written = pairs.map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
  return [...(query === '' ? [] : [query]), ...written].join('&')
}

function pairsOf(text: string, reading: Reading, where: string): Pair[] {
  const read = (part: string): string => {
    if (reading === 'raw') return part
    const decoded = decodePercent(reading === 'form' ? part.replaceAll('+', ' ') : part)
    if (decoded === undefined) throw unsignable(`the ${where} is not percent-encoded UTF-8`)
    return decoded
  }
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
      return { name: read(name), value: read(value), bare: equals < 0 }
    })
}
