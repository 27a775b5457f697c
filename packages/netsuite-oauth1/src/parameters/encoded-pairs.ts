import { encodeRfc3986 } from '@ez/core/crypto'

/** A name and a value, each percent-encoded by RFC 3986. */
export type EncodedPair = readonly [name: string, value: string]

const unreserved = /^[A-Za-z0-9\-._~]*$/
const wireToken = /%[0-9A-Fa-f]{2}|\+|%|[^A-Za-z0-9\-._~%+]+/g

/**
 * The pairs of a query or of a form body, from the wire, in order.
 *
 * Decoding and encoding again is one pass over the bytes as they are, so a triplet that is not UTF-8
 * keeps its bytes. `+` is a space in both (RFC 5849 section 3.4.1.3.1); a name without `=` has an
 * empty value.
 */
export function parseEncodedPairs(text: string): EncodedPair[] {
  const pairs: EncodedPair[] = []
  for (const part of text.split('&')) {
    if (part === '') continue
    const equals = `${part}=`.indexOf('=')
    pairs.push([reencode(part.slice(0, equals)), reencode(part.slice(equals + 1))])
  }
  return pairs
}

function reencode(text: string): string {
  return unreserved.test(text) ? text : text.replace(wireToken, reencodeToken)
}

function reencodeToken(token: string): string {
  if (token === '+') return '%20'
  if (token.length !== 3 || token[0] !== '%') return encodeRfc3986(token)
  const character = String.fromCharCode(Number(`0x${token.slice(1)}`))
  return unreserved.test(character) ? character : token.toUpperCase()
}

/** A decoded pair, encoded. */
export function encodePair(pair: readonly [string, string]): EncodedPair {
  return [encodeRfc3986(pair[0]), encodeRfc3986(pair[1])]
}

/** Order by encoded name, then by encoded value, bytewise (RFC 5849 section 3.4.1.3.2). */
export function compareEncodedPairs(left: EncodedPair, right: EncodedPair): number {
  const place = left[0] === right[0] ? 1 : 0
  return Number(left[place] > right[place]) - Number(left[place] < right[place])
}
