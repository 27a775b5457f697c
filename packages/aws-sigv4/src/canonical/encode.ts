import { encodeRfc3986 } from '@ez/core/crypto'

const unreserved = /[\w.~-]/

/**
 * A character percent-encoded, or a triplet in canonical form: upper case, and the character itself where it is
 * unreserved. Octet by octet, so that it also holds for what is not UTF-8.
 */
export function encodePart(part: string): string {
  if (part.length !== 3 || part[0] !== '%') return encodeRfc3986(part)
  const character = String.fromCharCode(Number.parseInt(part.slice(1), 16))
  return unreserved.test(character) ? character : part.toUpperCase()
}
