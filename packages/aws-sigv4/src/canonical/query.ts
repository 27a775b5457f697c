import { encodePart } from './encode.ts'

// A triplet is canonical in upper case, and when it does not stand for an unreserved character.
const canonicalText =
  /^(?:[\w.~=&-]|%(?:[01][\dA-F]|2[\dABCF]|3[A-F]|40|5[BCDE]|60|7[BCDF]|[89A-F][\dA-F]))*$/
const reservedOrTriplet = /%[\dA-Fa-f]{2}|[^\w.~-]/gu

const none: readonly EncodedPair[] = []

/** An encoded name and an encoded value. */
export type EncodedPair = readonly [name: string, value: string]

/**
 * The canonical query: every name and value decoded and encoded once, sorted by name, then by value.
 *
 * A raw `+` is a space, as AWS's servers and its SDK for Go take it; `%2B` is a plus sign. A name without
 * a value gets `=`.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", canonical query string.
 */
export function canonicalQuery(query: string, added: readonly EncodedPair[] = none): string {
  if (query === '' && added.length === 0) return ''
  const isCanonical = canonicalText.test(query)
  const names: string[] = []
  const pairs: string[] = []
  let start = 0
  while (start < query.length) {
    let end = query.indexOf('&', start)
    if (end < 0) end = query.length
    if (end > start) {
      const part = query.slice(start, end)
      const equals = part.indexOf('=')
      if (equals < 0) {
        const name = isCanonical ? part : encodeQueryText(part)
        insert(names, pairs, name, `${name}=`)
      } else if (isCanonical && part.indexOf('=', equals + 1) < 0)
        insert(names, pairs, part.slice(0, equals), part)
      else {
        const name = encodeQueryText(part.slice(0, equals))
        insert(names, pairs, name, `${name}=${encodeQueryText(part.slice(equals + 1))}`)
      }
    }
    start = end + 1
  }
  for (const [name, value] of added) insert(names, pairs, name, `${name}=${value}`)
  return pairs.join('&')
}

// Encoded text is ASCII, where the order of code units is the order of code points that AWS asks for. Names are
// compared apart from values: "=" sorts after "-", so whole pairs would come in another order.
function insert(names: string[], pairs: string[], name: string, pair: string): void {
  let position = names.length
  while (position > 0) {
    const before = names[position - 1] as string
    if (before < name || (before === name && (pairs[position - 1] as string) <= pair)) break
    names[position] = before
    pairs[position] = pairs[position - 1] as string
    position -= 1
  }
  names[position] = name
  pairs[position] = pair
}

/** Decodes and encodes once. */
export function encodeQueryText(text: string): string {
  return text.replace(reservedOrTriplet, (part) => (part === '+' ? '%20' : encodePart(part)))
}
