import { fromBase64, toBase64, utf8 } from '#crypto'
import { EzError } from '../base/error.ts'
import type { Pairs, ResolvedRequest } from '../contract/request.ts'
import type { SignContext } from '../contract/step.ts'

/** Bytes as a vector file holds them. */
export interface VectorBody {
  /** How `data` holds the bytes. */
  readonly encoding: 'utf8' | 'base64'
  /** UTF-8 text, or base64. */
  readonly data: string
}

/** A published or independently computed case of a signer; the format is `@ez/core/schema/vector.json`. */
export interface Vector {
  /** One line that no other vector of the file has. */
  readonly title: string
  /** Where the expected values come from: a specification's section, a vendor's page, a program. */
  readonly source: string
  /** The clock and the nonce of the signature. */
  readonly context: {
    /** ISO instant. */
    readonly now: string
    /** Left out by schemes without one; a signer that reads it all the same fails. */
    readonly nonce?: string
  }
  /** What the factory is given. */
  readonly options: Readonly<Record<string, unknown>>
  /** In wire form: method in upper case, absolute URL, header names in lower case. */
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Pairs
    readonly body: VectorBody | null
  }
  /** The text of each stage, by its id in the trace. */
  readonly stages: Readonly<Record<string, string>>
  /** What the signer must write. */
  readonly expected: {
    readonly headers: Readonly<Record<string, string>>
    /** Decoded, in order. */
    readonly query: Pairs
    readonly body?: VectorBody
  }
  /** `false` when the scheme draws its own randomness (ECDSA, RSA-PSS): the signature is verified, not compared. */
  readonly deterministic?: boolean
}

/**
 * Checks what a vector file holds.
 *
 * @throws EZ_VECTOR_INVALID, with the vector's number and the field
 *
 * @example
 * ```ts
 * import { parseVectors } from '@ez/core/testing'
 *
 * const vectors = parseVectors(JSON.parse('[]'))
 * console.log(vectors.length)
 * ```
 */
export function parseVectors(content: unknown): readonly Vector[] {
  if (!Array.isArray(content)) throw invalid('the file', 'must be an array of vectors')
  const titles = new Set<string>()
  content.forEach((value: unknown, index) => {
    const vector = new Place(value, `vector ${index + 1}`)
    vector.only('title source context options request stages expected deterministic'.split(' '))
    const title = vector.text('title')
    if (titles.has(title)) throw invalid(`vector ${index + 1}`, `has the title of another: ${title}`)
    titles.add(title)
    vector.text('source')
    const context = vector.at('context')
    context.only(['now', 'nonce'])
    context.like('now', isoInstant, 'is no ISO instant with its zone, as in 2026-01-15T12:36:00Z')
    if (Number.isNaN(Date.parse(context.text('now')))) throw invalid(context.name, 'now is no instant')
    if ('nonce' in context.value) context.text('nonce')
    vector.at('options')
    const request = vector.at('request')
    request.only(['method', 'url', 'headers', 'body'])
    request.like('method', /^[A-Z-]+$/, 'must be in upper case')
    request.like('url', /^https?:\/\/[^#]+$/, 'must be absolute, without a fragment')
    if (!URL.canParse(request.text('url'))) throw invalid(request.name, 'url is no URL')
    request.pairs('headers')
    const names = (request.value.headers as Pairs).map(([name]) => name)
    if (names.some((name, index) => upperCase.test(name) || names.indexOf(name) !== index))
      throw invalid(request.name, 'headers must hold names in lower case, each once')
    if (request.value.body !== null) request.at('body').body()
    const stages = vector.at('stages')
    stages.texts()
    if (!Object.keys(stages.value).every((id) => /^[a-z][a-z0-9-]*$/.test(id)))
      throw invalid(stages.name, 'must hold ids of stages, lower-case words joined with "-"')
    const expected = vector.at('expected')
    expected.only(['headers', 'query', 'body'])
    expected.at('headers').texts()
    if (Object.keys(expected.at('headers').value).some((name) => upperCase.test(name)))
      throw invalid(expected.name, 'headers must hold names in lower case')
    expected.pairs('query')
    if ('body' in expected.value) expected.at('body').body()
    if (!['boolean', 'undefined'].includes(typeof vector.value.deterministic))
      throw invalid(vector.name, 'deterministic must be true or false')
  })
  return content as readonly Vector[]
}

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/
const upperCase = /[A-Z]/

/** An object in a vector file, with its place for messages. */
class Place {
  readonly name: string
  readonly value: Readonly<Record<string, unknown>>

  constructor(value: unknown, name: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw invalid(name, 'must be an object')
    this.name = name
    this.value = value as Readonly<Record<string, unknown>>
  }

  at(field: string): Place {
    return new Place(this.value[field], `${this.name}, ${field}`)
  }

  only(names: readonly string[]): void {
    for (const name of Object.keys(this.value))
      if (!names.includes(name)) throw invalid(this.name, `there is no field "${name}"`)
  }

  text(field: string): string {
    const value = this.value[field]
    if (typeof value !== 'string' || value.trim() === '') throw invalid(this.name, `${field} must be a text`)
    return value
  }

  like(field: string, pattern: RegExp, problem: string): void {
    if (!pattern.test(this.text(field))) throw invalid(this.name, `${field} ${problem}`)
  }

  texts(): void {
    for (const [field, value] of Object.entries(this.value))
      if (typeof value !== 'string') throw invalid(this.name, `${field} must be a text`)
  }

  pairs(field: string): void {
    const isPair = (pair: unknown): boolean =>
      Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string')
    const value = this.value[field]
    if (!Array.isArray(value) || !value.every(isPair))
      throw invalid(this.name, `${field} must be an array of [name, value]`)
  }

  body(): void {
    this.only(['encoding', 'data'])
    const { encoding, data } = this.value
    if (typeof data !== 'string' || (encoding !== 'utf8' && encoding !== 'base64'))
      throw invalid(this.name, 'must be { encoding: "utf8" | "base64", data }')
    if (encoding === 'base64' && fromBase64(data) === undefined)
      throw invalid(this.name, 'data is not standard base64')
  }
}

function invalid(subject: string, problem: string): EzError {
  return new EzError('EZ_VECTOR_INVALID', `${subject}: ${problem}. See @ez/core/schema/vector.json.`)
}

/** The bytes of a vector's body. */
export function bytesOf(body: VectorBody): Uint8Array {
  return body.encoding === 'utf8' ? utf8(body.data) : (fromBase64(body.data) as Uint8Array)
}

/** The request of a vector, frozen as core freezes it, with a body of its own. */
export function requestOf({ request }: Vector): ResolvedRequest {
  return Object.freeze({
    method: request.method,
    url: request.url,
    headers: Object.freeze(request.headers.map((pair) => Object.freeze([...pair] as [string, string]))),
    body: request.body === null ? null : bytesOf(request.body),
  })
}

/** The clock and nonce of a vector, moved by some milliseconds. */
export function contextOf({ title, context }: Vector, laterMs = 0): SignContext {
  return {
    now: () => new Date(Date.parse(context.now) + laterMs),
    nonce: () => {
      if (context.nonce !== undefined) return context.nonce
      throw new EzError('EZ_VECTOR_INVALID', `${title}: the signer reads a nonce. Give context.nonce.`)
    },
  }
}

/** A request as one text, so that two can be compared and a difference read. */
export function textOfRequest({ method, url, headers, body }: ResolvedRequest): string {
  const lines = [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  if (body instanceof Uint8Array) lines.push('', toBase64(body))
  return lines.join('\n')
}
