import { encodeRfc3986 } from '@ez/core/crypto'

type Pair = readonly [name: string, value: string]

/** The pairs of a query, decoded as a form is (RFC 5849 section 3.4.1.3.1). */
export function queryPairs(url: string): Pair[] {
  const question = url.indexOf('?')
  return question < 0 ? [] : [...new URLSearchParams(url.slice(question + 1))]
}

/**
 * The signature base string: method, base URI and the sorted parameters, each percent-encoded.
 *
 * Source: RFC 5849 section 3.4.1.
 *
 * @param url in wire form: core has already dropped the default port and put scheme and host in lower case
 */
export function createBaseString(method: string, url: string, parameters: readonly Pair[]): string {
  const encoded = parameters.map(([name, value]): Pair => [encodeRfc3986(name), encodeRfc3986(value)])
  const sorted = encoded.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
  const normalized = sorted.map(([name, value]) => `${name}=${value}`).join('&')
  const baseUri = url.replace(/\?.*$/s, '')
  return `${method}&${encodeRfc3986(baseUri)}&${encodeRfc3986(normalized)}`
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
