import type { ResolvedRequest } from '@ez/core'
import { receive } from '@ez/core/received'
import { refusal } from './refusal.ts'

/** A received request whose headers came once each. */
export interface Received {
  readonly method: string
  readonly url: URL
  /** Names in lower case, values as they came. */
  readonly headers: ReadonlyMap<string, string>
  /** Decoded; a name that came twice has two values. Names as they came. */
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly readBody: (maxBodyBytes: number) => Promise<Uint8Array>
}

/**
 * Reads all of a request but its body, and refuses one that could be read in two ways: a header that came twice, dot
 * segments, line breaks and colons where the string to sign joins texts by them.
 *
 * @throws EZ_AUTHORIZATION_AMBIGUOUS, EZ_AUTHORIZATION_INVALID, EZ_REQUEST_INVALID
 */
export function receiveTarget(request: Request | ResolvedRequest, calledUrl: string | undefined): Received {
  const received = receive('verify azure-storage', request, calledUrl)
  const url = received.absoluteUrl()
  const headers = new Map<string, string>()
  for (const [name, value] of received.headers) {
    if (headers.has(name)) throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two ${name} headers.`)
    headers.set(name, value)
  }
  const [, path = '', search = ''] =
    /^[^:]+:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/s.exec(received.calledUrl) ?? []
  if (path !== '' && path !== url.pathname)
    throw refusal(
      'EZ_REQUEST_INVALID',
      'the path has dot segments, or characters that are not percent-encoded.',
    )
  return { method: received.method, url, headers, query: pairsOf(search), readBody: received.readBody }
}

function pairsOf(search: string): [string, string][] {
  return search
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=')
      const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
      const decoded: [string, string] = [formDecoded(name), formDecoded(value)]
      if (/[\r\n]/.test(decoded.join('')) || decoded[0].includes(':'))
        throw refusal(
          'EZ_REQUEST_INVALID',
          'a query parameter holds a line break, or its name a colon: two requests would have one string to sign.',
        )
      return decoded
    })
}

// By the rules of forms, as the service, its emulator and Microsoft's clients read a query.
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.split('+').join(' '))
  } catch {
    throw refusal('EZ_REQUEST_INVALID', 'the query holds a percent triplet that is not UTF-8.')
  }
}
