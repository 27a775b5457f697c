import { encodeRfc3986 } from '@ez/core/crypto'
import { EzError } from './error.ts'
import { textOf } from './json.ts'
import type { Scope } from './scope.ts'
import { parseTemplate, type Token } from './template.ts'
import { addPart, closed, type Escape, type Late, resolveToken, type Text } from './text.ts'
import { notAbsolute, wireText } from './wire-url.ts'

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
