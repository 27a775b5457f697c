import { EzError } from '../base/error.ts'
import type { Pairs, ResolvedRequest } from '../contract/request.ts'
import { checkLength, readBytes } from './read-body.ts'

/** A received request as it came; the body is not read yet. */
export interface ReceivedRequest {
  /** As the client sent it. */
  readonly method: string
  /** What the client called, as it was given: absolute, or a path with its query. */
  readonly calledUrl: string
  /** Names in lower case, values as they came, in order. */
  readonly headers: Pairs
  /** Every value of a header, by its lower-case name, in order. */
  readonly values: (name: string) => readonly string[]
  /** The value of a header. @throws EZ_AUTHORIZATION_AMBIGUOUS when it came twice */
  readonly header: (name: string) => string | undefined
  /** What the client called. @throws EZ_AUTHORIZATION_INVALID when it is not absolute, EZ_AUTHORIZATION_AMBIGUOUS when it names another host than the header `host` */
  readonly absoluteUrl: () => URL
  /** A copy of the body, to be read once. @throws EZ_BODY_INVALID when it was read before */
  readonly openBody: () => Uint8Array | ReadableStream<Uint8Array> | null
  /** The whole body. @throws EZ_BODY_INVALID, EZ_BODY_TOO_LARGE */
  readonly readBody: (maxBodyBytes: number) => Promise<Uint8Array>
}

/** A received request with its body. */
export interface WholeRequest extends ReceivedRequest {
  /** What the client called. */
  readonly url: URL
  /** Its bytes; none for a request without a body. */
  readonly body: Uint8Array
}

/**
 * Reads all of a received request but its body.
 *
 * A `Request` stays readable for the caller; the stream of a `ResolvedRequest` is used up once it is read.
 *
 * @param verifier stands in front of messages
 * @param calledUrl what the client called, where a proxy changed it
 * @throws EZ_REQUEST_INVALID for what is no request
 *
 * @example
 * ```ts
 * import { receive } from '@ez/core/received'
 *
 * const request = new Request('https://example.com/a', { headers: { 'X-Date': 'now' } })
 * console.log(receive('verify my-scheme', request).header('x-date'))
 * ```
 */
export function receive(
  verifier: string,
  request: Request | ResolvedRequest,
  calledUrl?: string,
): ReceivedRequest {
  const headers = headersOf(verifier, request)
  const byName = valuesByName(headers)
  const values = (name: string): readonly string[] => byName.get(name) ?? noValues
  const openBody = (): ReturnType<ReceivedRequest['openBody']> => copyOfBody(verifier, request)
  const called = calledUrl ?? request.url
  return {
    method: request.method,
    calledUrl: called,
    headers,
    values,
    header(name) {
      const [value, another] = values(name)
      if (another !== undefined)
        throw new EzError('EZ_AUTHORIZATION_AMBIGUOUS', `${verifier}: there are two ${name} headers.`)
      return value
    },
    absoluteUrl() {
      if (URL.canParse(called)) return withOneHost(verifier, new URL(called), calledUrl, values('host'))
      throw new EzError(
        'EZ_AUTHORIZATION_INVALID',
        `${verifier}: the URL is not absolute. Give what the client called as option url.`,
      )
    },
    openBody,
    async readBody(maxBodyBytes) {
      // What announces too much is not read at all.
      const announced = values('content-length')[0] ?? ''
      if (/^\d+$/.test(announced)) checkLength(verifier, Number(announced), maxBodyBytes)
      return readBytes(verifier, openBody(), maxBodyBytes)
    },
  }
}

/**
 * Reads a received request with its body, as {@link receive} does.
 *
 * @param maxBodyBytes bytes of body to read at most
 * @throws EZ_REQUEST_INVALID, EZ_AUTHORIZATION_INVALID (a URL that is not absolute), EZ_BODY_INVALID,
 * EZ_BODY_TOO_LARGE
 *
 * @example
 * ```ts
 * import { receiveWhole } from '@ez/core/received'
 *
 * const request = new Request('https://example.com/a', { method: 'POST', body: 'text' })
 * const { url, body } = await receiveWhole('verify my-scheme', request, undefined, 1024)
 * console.log(url.pathname, body.length)
 * ```
 */
export async function receiveWhole(
  verifier: string,
  request: Request | ResolvedRequest,
  calledUrl: string | undefined,
  maxBodyBytes: number,
): Promise<WholeRequest> {
  const received = receive(verifier, request, calledUrl)
  const url = received.absoluteUrl()
  return { ...received, url, body: await received.readBody(maxBodyBytes) }
}

const noValues: readonly string[] = []

// Once for all headers: a caller may send thousands.
function valuesByName(headers: Pairs): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const known = byName.get(name)
    if (known) known.push(value)
    else byName.set(name, [value])
  }
  return byName
}

function headersOf(verifier: string, request: Request | ResolvedRequest | null | undefined): Pairs {
  const headers: unknown = request?.headers
  const isIterable = typeof headers === 'object' && headers !== null && Symbol.iterator in headers
  const pairs: unknown[] = isIterable ? [...(headers as Iterable<unknown>)] : []
  const isWhole =
    isIterable &&
    typeof request?.method === 'string' &&
    typeof request.url === 'string' &&
    pairs.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string')
  if (!isWhole)
    throw new EzError(
      'EZ_REQUEST_INVALID',
      `${verifier}: what was received is no request. Give a Request, or method, url, headers as pairs and body.`,
    )
  return (pairs as Pairs).map(([name, value]) => [name.toLowerCase(), value] as const)
}

/** A server may go by the one or the other, so both must name the same; the caller's own word on it decides. */
function withOneHost(
  verifier: string,
  url: URL,
  calledUrl: string | undefined,
  hosts: readonly string[],
): URL {
  const named = hosts.map((host) =>
    host
      .trim()
      .toLowerCase()
      .replace(url.protocol === 'https:' ? /:443$/ : /:80$/, ''),
  )
  if (calledUrl !== undefined || named.every((host) => host === url.host)) return url
  throw new EzError(
    'EZ_AUTHORIZATION_AMBIGUOUS',
    `${verifier}: the URL and the header host name different hosts. Give what the client called as option url.`,
  )
}

function copyOfBody(
  verifier: string,
  request: Request | ResolvedRequest,
): Uint8Array | ReadableStream<Uint8Array> | null {
  const body = request.body ?? null
  if (body === null || body instanceof Uint8Array) return body
  if (typeof body !== 'object' || typeof body.getReader !== 'function')
    throw new EzError('EZ_REQUEST_INVALID', `${verifier}: the body is neither bytes nor a stream.`)
  // `bodyUsed` for what was read to its end, whose stream is not locked any more.
  if (body.locked || ('bodyUsed' in request && request.bodyUsed))
    throw new EzError(
      'EZ_BODY_INVALID',
      `${verifier}: the body was read before. Verify first, or give a clone of the request.`,
    )
  // A Request is cloned, so that a handler can still read its body.
  return 'clone' in request ? (request.clone().body as ReadableStream<Uint8Array> | null) : body
}
