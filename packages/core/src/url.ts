import { encodeRfc3986 } from '@ez/core/crypto'
import { EzError } from './error.ts'
import { textOf } from './json.ts'
import type { Scope } from './scope.ts'
import { parseTemplate, type Token } from './template.ts'
import { addPart, closed, type Escape, type Late, resolveToken, type Text } from './text.ts'

/** A resolved URL: scheme, host and path, and the segments of its own query, still in wire form. */
export interface UrlDraft {
  readonly head: Text
  readonly query: readonly Text[]
}

interface Place {
  readonly token: Token
  readonly escape: Escape
}

interface CompiledUrl {
  readonly head: readonly (string | Place)[]
  readonly query: readonly (readonly (string | Place)[])[]
}

const hostPattern = /^[\p{L}\p{N}.-]*(?::\d{1,5})?$/u
const basePattern = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]+)(\/[^?#]*)?$/i
const schemePattern = /^https?$/i

const hostRefused = (token: string, problem: string): EzError =>
  new EzError(
    'EZ_URL_HOST',
    `url: the value of ${token} ${problem}. Check the variable: it decides which host is called.`,
  )

const inHost: Escape = ({ value, fromData }, place) => {
  if (fromData) throw hostRefused(place, 'comes from data, and data may not choose the host')
  const text = textOf(value, place)
  if (!hostPattern.test(text) || text === '')
    throw hostRefused(place, 'may hold letters, digits, ".", "-" and a port in the host, and nothing else')
  return text
}

const atStart: Escape = ({ value, fromData }, place) => {
  if (fromData) throw hostRefused(place, 'comes from data, and data may not choose the host')
  const text = textOf(value, place)
  if (schemePattern.test(text)) return text
  const match = basePattern.exec(text)
  if (!match)
    throw hostRefused(place, 'at the start of the URL must be a scheme, a host and perhaps a port and a path')
  const [, host = '', path = ''] = match
  if (!hostPattern.test(host) && !/^\[[0-9a-f:.]+\](?::\d{1,5})?$/i.test(host))
    throw hostRefused(place, 'holds a host with characters other than letters, digits, ".", "-" and a port')
  return text.slice(0, text.length - path.length) + wireText(path, 'path')
}

const inPath: Escape = ({ value }, place) => {
  const text = textOf(value, place)
  return text.includes('/') ? text.split('/').map(encodeRfc3986).join('/') : encodeRfc3986(text)
}

const inQuery: Escape = ({ value }, place) => encodeRfc3986(textOf(value, place))

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

const compiledUrls = new Map<string, CompiledUrl>()

// What follows a variable at the start is host or path, by whether the variable's value has a path.
function compileUrl(text: string, afterBase: 'host' | 'path'): CompiledUrl {
  const key = afterBase + text
  const known = compiledUrls.get(key)
  if (known) return known
  const head: (string | Place)[] = []
  const query: (string | Place)[][] = []
  let state: 'start' | 'base' | 'host' | 'path' | 'query' | 'fragment' = 'start'

  const addLiteral = (literal: string): void => {
    let rest = literal
    if (state === 'start') {
      const scheme = /^[^/?#]*:\/\//.exec(rest)
      if (!scheme) throw notAbsolute()
      head.push(scheme[0])
      rest = rest.slice(scheme[0].length)
      state = 'host'
    } else if (state === 'base') {
      if (rest.startsWith('://')) {
        head.push('://')
        rest = rest.slice(3)
        state = 'host'
      } else state = /^[/?#]/.test(rest) ? 'path' : afterBase
    }
    if (state === 'host') {
      const end = rest.search(/[/?#]/)
      head.push(end < 0 ? rest : rest.slice(0, end))
      if (end < 0) return
      rest = rest.slice(end)
      state = 'path'
    }
    if (state === 'path') {
      const end = rest.search(/[?#]/)
      head.push(wireText(end < 0 ? rest : rest.slice(0, end), 'path'))
      if (end < 0) return
      state = rest[end] === '?' ? 'query' : 'fragment'
      rest = rest.slice(end + 1)
      if (state === 'query') query.push([])
    }
    if (state === 'query') {
      const end = rest.indexOf('#')
      const segments = (end < 0 ? rest : rest.slice(0, end)).split('&')
      segments.forEach((segment, index) => {
        if (index > 0) query.push([])
        if (segment !== '') query.at(-1)?.push(wireText(segment, 'query'))
      })
      if (end >= 0) state = 'fragment'
    }
  }

  const addToken = (token: Token): void => {
    if (state === 'start') {
      head.push({ token, escape: atStart })
      state = 'base'
    } else if (state === 'base' || state === 'host') {
      head.push({ token, escape: state === 'base' && afterBase === 'path' ? inPath : inHost })
      if (state === 'base') state = afterBase
    } else if (state === 'path') head.push({ token, escape: inPath })
    else if (state === 'query') query.at(-1)?.push({ token, escape: inQuery })
  }

  for (const part of parseTemplate(text, 'url')) typeof part === 'string' ? addLiteral(part) : addToken(part)
  const compiled = { head, query: query.filter((segment) => segment.length > 0) }
  if (compiledUrls.size >= 1000) compiledUrls.clear()
  compiledUrls.set(key, compiled)
  return compiled
}

const notAbsolute = (): EzError =>
  new EzError('EZ_URL_INVALID', 'url: it must be absolute, with https:// or http:// and a host.')

function resolveParts(parts: readonly (string | Place)[], scope: Scope): Text {
  const only = parts[0]
  if (parts.length === 1 && typeof only === 'string') return only
  const resolved: (string | Late)[] = []
  for (const part of parts)
    addPart(
      resolved,
      typeof part === 'string'
        ? part
        : resolveToken(part.token, part.escape, `url {{${part.token.name}}}`, scope),
    )
  return closed(resolved)
}

/** Resolves the URL of a template, each value escaped for the part it stands in. */
export function resolveUrl(text: string, scope: Scope): UrlDraft {
  let compiled = compileUrl(text, 'path')
  const first = compiled.head[0]
  if (typeof first === 'object') {
    const base = resolveParts([first], scope)
    if (typeof base === 'string' && !/^[^/]*:\/\/[^/]*\//.test(base)) compiled = compileUrl(text, 'host')
  }
  return {
    head: resolveParts(compiled.head, scope),
    query: compiled.query.map((segment) => resolveParts(segment, scope)),
  }
}

/** A literal URL, as a script or a concrete request gives it; nothing in it is a token. */
export function literalUrl(url: string): { head: string; query: string[] } {
  const withoutFragment = url.split('#', 1)[0] as string
  const question = withoutFragment.indexOf('?')
  const head = question < 0 ? withoutFragment : withoutFragment.slice(0, question)
  const match = /^([^/?#]*:\/\/[^/]*)(\/.*)?$/s.exec(head)
  if (!match) throw notAbsolute()
  const segments = question < 0 ? [] : withoutFragment.slice(question + 1).split('&')
  return {
    head: (match[1] as string) + wireText(match[2] ?? '', 'path'),
    query: segments.filter((segment) => segment !== '').map((segment) => wireText(segment, 'query')),
  }
}

const origins = new Map<string, string>()

/** Scheme and host in wire form: lower case, punycode, no default port. */
function wireOrigin(raw: string): string {
  const known = origins.get(raw)
  if (known) return known
  let url: URL
  try {
    url = new URL(`${raw}/`)
  } catch {
    throw new EzError('EZ_URL_INVALID', 'url: the scheme and host are not valid.')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new EzError('EZ_URL_INVALID', `url: the scheme "${url.protocol}" is not http: or https:.`)
  if (url.username !== '' || url.password !== '' || raw.includes('@'))
    throw new EzError(
      'EZ_URL_NOT_SENDABLE',
      'url: it holds user information, which fetch does not send. Use basicAuth.',
    )
  if (url.pathname !== '/' || url.search !== '' || raw.includes('\\'))
    throw new EzError('EZ_URL_INVALID', 'url: the scheme and host are not valid.')
  const origin = `${url.protocol}//${url.host}`
  if (origins.size >= 1000) origins.clear()
  origins.set(raw, origin)
  return origin
}

const headPattern = /^([A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*)(\/.*)?$/
const dotSegment = /\/(?:\.|%2e){1,2}(?=[/?]|$)/i

/**
 * The URL as one string, in wire form.
 *
 * @throws EZ_URL_INVALID when it is not absolute or not http(s)
 * @throws EZ_URL_NOT_SENDABLE when `fetch` would rewrite it on the way
 */
export function wireUrl(head: string, query: string): string {
  const match = headPattern.exec(head)
  if (!match) throw notAbsolute()
  const url = `${wireOrigin(match[1] as string)}${match[2] ?? '/'}${query === '' ? '' : `?${query}`}`
  // Everything else in it was encoded above, so that only dot segments can be rewritten.
  if (dotSegment.test(url)) checkSendable(url)
  return url
}

/** @throws EZ_URL_NOT_SENDABLE when `fetch` would send another URL than this one */
export function checkSendable(url: string): void {
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

/** @throws EZ_HOST_NOT_ALLOWED when the host is none of the allowed ones (`api.example.com`, `*.example.com`) */
export function checkHost(url: string, allowedHosts: readonly string[] | undefined): void {
  if (allowedHosts === undefined) return
  if (!Array.isArray(allowedHosts))
    throw new EzError('EZ_OPTION_INVALID', 'allowedHosts: it must be a list of hosts.')
  const { host, hostname } = new URL(url)
  const matches = allowedHosts.some((pattern) => {
    const wanted = asciiHost(pattern)
    if (wanted.startsWith('*.'))
      return hostname.endsWith(wanted.slice(1)) && hostname.length > wanted.length - 1
    return wanted === host || wanted === hostname
  })
  if (!matches)
    throw new EzError(
      'EZ_HOST_NOT_ALLOWED',
      `url: the host ${host} is not one of allowedHosts (${allowedHosts.join(', ')}).`,
    )
}

/** A host of `allowedHosts` as URLs hold it: lower case, punycode. */
function asciiHost(pattern: string): string {
  const lower = pattern.toLowerCase()
  if (/^[\x21-\x7e]*$/.test(lower)) return lower
  const wildcard = lower.startsWith('*.') ? '*.' : ''
  try {
    return wildcard + new URL(`http://${lower.slice(wildcard.length)}`).host
  } catch {
    throw new EzError('EZ_OPTION_INVALID', `allowedHosts: ${JSON.stringify(pattern)} is not a host.`)
  }
}
