import { EzError } from '@ez/core'

/** A URL as the base string needs it. */
export interface SplitUrl {
  /** Scheme, host, port unless it is the default one, and path; not encoded further. */
  readonly uri: string
  /** In lower case, without port. */
  readonly host: string
  /** As on the wire, without the question mark. */
  readonly query: string
}

const defaultPorts: Readonly<Record<string, string>> = { http: ':80', https: ':443' }

/**
 * Splits a URL into the base string URI and the query (RFC 5849 section 3.4.1.2).
 *
 * Scheme and host go to lower case, the default port, user information and fragment go, and an empty
 * path is `/`. The rest of the path stays as it is on the wire.
 *
 * @throws EZ_URL_INVALID when the URL is not absolute
 */
export function splitUrl(url: string): SplitUrl {
  const schemeEnd = url.indexOf('://')
  if (schemeEnd < 1)
    throw new EzError('EZ_URL_INVALID', 'oauth1: the URL must be absolute. Begin it with https://.')
  const end = indexOrEnd(url, '#', url.length)
  const queryStart = indexOrEnd(url, '?', end)
  const pathStart = Math.min(indexOrEnd(url, '/', queryStart, schemeEnd + 3), queryStart)
  const scheme = url.slice(0, schemeEnd).toLowerCase()
  let authority = url.slice(schemeEnd + 3, pathStart).toLowerCase()
  authority = authority.slice(authority.lastIndexOf('@') + 1)
  const port = defaultPorts[scheme]
  if (port !== undefined && authority.endsWith(port)) authority = authority.slice(0, -port.length)
  return {
    uri: `${scheme}://${authority}${url.slice(pathStart, queryStart) || '/'}`,
    host: authority.includes(':') ? authority.replace(/:\d*$/, '') : authority,
    query: url.slice(queryStart + 1, end),
  }
}

function indexOrEnd(text: string, character: string, end: number, start = 0): number {
  const index = text.indexOf(character, start)
  return index === -1 || index > end ? end : index
}
