import { EzError } from '../base/error.ts'
import { memo } from '../base/memo.ts'

const allowed: Record<'path' | 'query', RegExp> = {
  path: /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/,
  query: /^[A-Za-z0-9\-._~!$&()*+,;=:@/?]*$/,
}
const refusedRuns: Record<'path' | 'query', RegExp> = {
  path: /[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]+/gu,
  query: /[^A-Za-z0-9\-._~!$&()*+,;=:@/?%]+/gu,
}

/**
 * Literal text of a path or query in wire form: what RFC 3986 does not allow there is percent-encoded,
 * and so is what runtimes disagree on; `%XX` stays as written.
 *
 * @throws EZ_URL_NOT_SENDABLE for a `%` that starts no triplet, or half of a surrogate pair
 */
export function wireText(text: string, part: 'path' | 'query'): string {
  if (allowed[part].test(text)) return text
  if (/%(?![0-9A-Fa-f]{2})/.test(text))
    throw new EzError(
      'EZ_URL_NOT_SENDABLE',
      `url: a "%" in the ${part} is followed by no two hex digits. Write %25 for the character itself.`,
    )
  try {
    return text.replace(refusedRuns[part], (run) => encodeURIComponent(run).replaceAll("'", '%27'))
  } catch {
    throw new EzError('EZ_URL_NOT_SENDABLE', `url: the ${part} holds half of a surrogate pair. Remove it.`)
  }
}

/** For a URL without scheme and host. */
export const notAbsolute = (): EzError =>
  new EzError('EZ_URL_INVALID', 'url: it must be absolute, with https:// or http:// and a valid host.')

/** A URL's text before its query, and the segments of the query. */
export function splitUrl(url: string): { readonly head: string; readonly query: readonly string[] } {
  const [head = '', ...rest] = url.split('?')
  return { head, query: rest.join('?').split('&').filter(Boolean) }
}

/** A literal URL, as a script or a concrete request gives it; nothing in it is a token. */
export function literalUrl(url: string): { head: string; query: string[] } {
  const { head, query } = splitUrl(url.split('#', 1)[0] as string)
  const match = /^([^/?#]*:\/\/[^/]*)(\/.*)?$/s.exec(head)
  if (!match) throw notAbsolute()
  return {
    head: (match[1] as string) + wireText(match[2] ?? '', 'path'),
    query: query.map((segment) => wireText(segment, 'query')),
  }
}

/** Scheme and host in wire form: lower case, punycode, no default port. */
const wireOrigin = /* @__PURE__ */ memo<string>((raw) => {
  let url: URL
  try {
    url = new URL(`${raw}/`)
  } catch {
    throw notAbsolute()
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new EzError('EZ_URL_INVALID', `url: the scheme "${url.protocol}" is not http: or https:.`)
  if (url.username !== '' || url.password !== '' || raw.includes('@'))
    throw new EzError(
      'EZ_URL_NOT_SENDABLE',
      'url: it holds user information, which fetch does not send. Use basicAuth.',
    )
  if (url.pathname !== '/' || url.search !== '' || raw.includes('\\')) throw notAbsolute()
  return `${url.protocol}//${url.host}`
})

const dotSegment = /\/(?:\.|%2e){1,2}(?=[/?]|$)/i

/**
 * The URL as one string, in wire form.
 *
 * @throws EZ_URL_INVALID when it is not absolute or not http(s)
 * @throws EZ_URL_NOT_SENDABLE when `fetch` would rewrite it on the way
 */
export function wireUrl(head: string, query: string): string {
  const separator = head.indexOf('://')
  if (separator < 0) throw notAbsolute()
  const slash = head.indexOf('/', separator + 3)
  const origin = wireOrigin(slash < 0 ? head : head.slice(0, slash))
  const url = origin + (slash < 0 ? '/' : head.slice(slash)) + (query === '' ? '' : `?${query}`)
  // Everything else in it was encoded above, so that only dot segments can be rewritten.
  if (dotSegment.test(url)) checkUrlSendable(url)
  return url
}

/** @throws EZ_URL_NOT_SENDABLE when `fetch` would send another URL than this one */
export function checkUrlSendable(url: string): void {
  let sent: string
  try {
    sent = new URL(url).href
  } catch {
    throw notAbsolute()
  }
  if (sent === url) return
  const why = dotSegment.test(url)
    ? 'its path holds a "." or ".." segment, which'
    : 'it holds characters that'
  throw new EzError(
    'EZ_URL_NOT_SENDABLE',
    `url: ${why} fetch rewrites on the way, so that another URL would be sent than was signed.`,
  )
}
