import type { ResolvedRequest } from '@ez/core'
import { refusal } from './refusal.ts'

/** A received request, read once, as it came. */
export interface Received {
  readonly method: string
  /** Host and port as the client named them. */
  readonly host: string
  /** As on the wire. */
  readonly path: string
  /** As on the wire, split at `&` and the first `=`. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Values of each header by lower-case name, in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** The body, not read yet. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null
}

const absolute = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i

/** @param calledUrl what the client called, where a proxy rewrote it */
export function receive(request: Request | ResolvedRequest, calledUrl: string | undefined): Received {
  const headers = new Map<string, string[]>()
  const pairs = Array.isArray(request.headers)
    ? (request as ResolvedRequest).headers
    : (request as Request).headers.entries()
  for (const [written, value] of pairs) {
    const name = written.toLowerCase()
    const values = headers.get(name)
    if (values) values.push(value)
    else headers.set(name, [value])
  }
  const url = calledUrl ?? request.url
  const parts = absolute.exec(url)
  const [, scheme = '', authority = '', path = '', query = ''] = parts ?? splitOriginForm(url)
  const hosts = headers.get('host')
  if (hosts && hosts.length > 1) throw refusal('EZ_AUTHORIZATION_INVALID', 'there are two host headers.')
  return {
    method: request.method,
    host:
      calledUrl !== undefined && authority !== ''
        ? hostOf(scheme, authority)
        : (hosts?.[0] ?? hostOf(scheme, authority)),
    path: path === '' ? '/' : path,
    query:
      query === ''
        ? []
        : query
            .split('&')
            .filter((pair) => pair !== '')
            .map(splitPair),
    headers,
    // A copy, so that a handler can still read the request's own body.
    body: request instanceof Request ? request.clone().body : request.body,
  }
}

function splitOriginForm(target: string): string[] {
  const mark = target.indexOf('?')
  return mark < 0 ? ['', '', '', target] : ['', '', '', target.slice(0, mark), target.slice(mark + 1)]
}

function splitPair(pair: string): [string, string] {
  const [name = '', ...rest] = pair.split('=')
  return [name, rest.join('=')]
}

function hostOf(scheme: string, authority: string): string {
  const host = authority.replace(/^.*@/, '').toLowerCase()
  return host.replace(scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/, '')
}

/**
 * The whole body.
 *
 * @throws EZ_BODY_TOO_LARGE
 */
export async function readBody(body: Received['body'], maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const take = (part: Uint8Array): void => {
    length += part.length
    if (length > maxBytes) throw refusal('EZ_BODY_TOO_LARGE', `the body is larger than ${maxBytes} bytes.`)
    parts.push(part)
  }
  if (body instanceof Uint8Array) take(body)
  else if (body) for await (const part of body) take(part)
  if (parts.length === 1) return parts[0] as Uint8Array
  const whole = new Uint8Array(length)
  let position = 0
  for (const part of parts) {
    whole.set(part, position)
    position += part.length
  }
  return whole
}
