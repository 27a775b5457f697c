import { encodeRfc3986 } from '#crypto'
import type { Pairs } from '../contract/request.ts'

/** A `name=value` segment decoded; `+` is a space, as in forms. */
export function decodePair(segment: string): [string, string] {
  const equals = segment.indexOf('=')
  const decode = (text: string): string => {
    const spaced = text.replaceAll('+', ' ')
    try {
      return decodeURIComponent(spaced)
    } catch {
      return spaced
    }
  }
  return equals < 0
    ? [decode(segment), '']
    : [decode(segment.slice(0, equals)), decode(segment.slice(equals + 1))]
}

/** A pair as a `name=value` segment, encoded by RFC 3986. */
export function encodePair(name: string, value: string): string {
  return `${encodeRfc3986(name)}=${encodeRfc3986(value)}`
}

/** The URL with pairs added at the end of its query. */
export function appendQuery(url: string, query: Pairs): string {
  const added = query.map(([name, value]) => encodePair(name, value)).join('&')
  return `${url}${url.includes('?') ? '&' : '?'}${added}`
}

/** The URL without the pairs of these names, which are decoded. */
export function withoutQuery(url: string, names: readonly string[]): string {
  const question = url.indexOf('?')
  if (question < 0) return url
  const kept = url
    .slice(question + 1)
    .split('&')
    .filter((segment) => !names.includes(decodePair(segment)[0]))
  return kept.length === 0 ? url.slice(0, question) : `${url.slice(0, question)}?${kept.join('&')}`
}
