/** The parts of a request's URL that are signed. */
export interface Target {
  /** Lower case, without a default port; empty when the URL is a path alone. */
  readonly host: string
  /** As written, without the query. */
  readonly path: string
  /** As written, without `?`. */
  readonly query: string
}

// Requests in a row mostly go to one host.
let lastOrigin = ''
let lastHost = ''

/**
 * Splits an absolute URL, or a raw request target, without changing it.
 *
 * A URL parser would rewrite dots, spaces and case, and then something else would be signed than what is sent.
 */
export function splitTarget(url: string): Target {
  if (lastOrigin !== '' && url.charCodeAt(lastOrigin.length) === 0x2f && url.startsWith(lastOrigin))
    return partsOf(url, lastHost, lastOrigin.length)
  let host = ''
  let pathStart = 0
  const schemeEnd = url.charCodeAt(0) === 0x2f ? -1 : url.indexOf('://')
  if (schemeEnd > 0) {
    pathStart = endOfAuthority(url, schemeEnd + 3)
    const origin = url.slice(0, pathStart)
    if (origin !== lastOrigin) {
      lastHost = hostHeader(url.slice(schemeEnd + 3, pathStart), url.slice(0, schemeEnd))
      lastOrigin = origin
    }
    host = lastHost
  }
  return partsOf(url, host, pathStart)
}

function partsOf(url: string, host: string, pathStart: number): Target {
  const fragment = url.indexOf('#', pathStart)
  const end = fragment < 0 ? url.length : fragment
  const question = url.indexOf('?', pathStart)
  return question < 0 || question > end
    ? { host, path: url.slice(pathStart, end), query: '' }
    : { host, path: url.slice(pathStart, question), query: url.slice(question + 1, end) }
}

function endOfAuthority(url: string, start: number): number {
  for (let index = start; index < url.length; index += 1) {
    const code = url.charCodeAt(index)
    if (code === 0x2f || code === 0x3f || code === 0x23) return index
  }
  return url.length
}

// The host header as HTTP clients send it: lower case, no user information, no default port (RFC 9110 section 7.2).
function hostHeader(authority: string, scheme: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  const defaultPort = /^(?:https|wss)$/i.test(scheme) ? ':443' : ':80'
  return host.endsWith(defaultPort) ? host.slice(0, -defaultPort.length) : host
}
