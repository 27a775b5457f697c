import type { ResolvedRequest } from '@ez/core'
import { type ReceivedRequest, receive } from '@ez/core/received'
import { refusal } from './refusal.ts'

/** A received request as this scheme looks at it: the target as on the wire, which `URL` would change. */
export interface Received extends Pick<ReceivedRequest, 'method' | 'readBody'> {
  /** Host and port as the client named them. */
  readonly host: string
  /** As on the wire. */
  readonly path: string
  /** As on the wire, split at `&` and the first `=`. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Values of each header by lower-case name, in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /** The body itself, not a copy: of a `Request` that is forked, what nobody reads piles up. @throws EZ_BODY_INVALID */
  readonly takeBody: () => Uint8Array | ReadableStream<Uint8Array>
}

const absolute = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i

const verifier = 'verify aws-sigv4'

/**
 * @param calledUrl what the client called, where a proxy rewrote it
 * @throws EZ_REQUEST_INVALID, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS
 */
export function receiveTarget(request: Request | ResolvedRequest, calledUrl: string | undefined): Received {
  const received = receive(verifier, request, calledUrl)
  const headers = new Map<string, readonly string[]>()
  for (const [name] of received.headers) headers.set(name, received.values(name))
  const url = received.calledUrl
  const parts = absolute.exec(url)
  // Refuses a URL that names another host than the header: servers go by the one or the other.
  if (parts) received.absoluteUrl()
  const [, scheme = '', authority = '', path = '', query = ''] = parts ?? splitOriginForm(url)
  const hosts = headers.get('host')
  if (hosts && hosts.length > 1) throw refusal('EZ_AUTHORIZATION_INVALID', 'there are two host headers.')
  return {
    method: received.method,
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
    readBody: received.readBody,
    takeBody() {
      const { method, url, body } = request
      const itself = { method, url, headers: [], body, bodyUsed: 'bodyUsed' in request && request.bodyUsed }
      return receive(verifier, itself).openBody() ?? new Uint8Array()
    },
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
