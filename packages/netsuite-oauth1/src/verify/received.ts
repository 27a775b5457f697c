import type { ResolvedRequest } from '@ez/core'
import { type ReceivedRequest, receive } from '@ez/core/received'
import { refusal } from './refusal.ts'

/** A received request as this scheme looks at it. */
export interface Received extends ReceivedRequest {
  /** What the client called, scheme and host in lower case, without a default port. */
  readonly url: URL
}

/**
 * Reads a request but its body.
 *
 * @param calledUrl what the client called, where a proxy rewrote it
 * @throws EZ_REQUEST_INVALID, also for a path that URL parsers rewrite: the base string holds it as it was sent, and
 * a server may follow it as it was rewritten; EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS
 */
export function receiveTarget(request: Request | ResolvedRequest, calledUrl: string | undefined): Received {
  const received = receive('verify oauth1', request, calledUrl)
  const url = received.absoluteUrl()
  const [, path = ''] = /^[a-z][a-z0-9+.-]*:\/*[^/?#\\]*([^?#]*)/i.exec(received.calledUrl) ?? []
  if (/[\\\t\r\n]|\/(?:\.|%2e){1,2}(?:\/|$)/i.test(path))
    throw refusal('EZ_REQUEST_INVALID', 'the path holds dot segments, or characters that no URL holds.')
  return { ...received, url }
}
