// A triplet is canonical in upper case, and when it does not stand for an unreserved character.
const canonicalText =
  /^(?:[A-Za-z0-9\-._~=&]|%(?:[01][0-9A-F]|2[0-9A-CF]|3[A-F]|40|5[B-E]|60|7[B-DF]|[89A-F][0-9A-F]))*$/
const reservedOrTriplet = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/gu
const unreserved = /[A-Za-z0-9\-._~]/

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
export function canonicalQuery(query: string, added: readonly EncodedPair[] = []): string {
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

/** Decodes and encodes once, octet by octet. */
export function encodeQueryText(text: string): string {
  return text.replace(reservedOrTriplet, encodePart)
}

function encodePart(part: string): string {
  if (part === '+') return '%20'
  if (part.length === 3 && part[0] === '%') {
    const character = String.fromCharCode(Number.parseInt(part.slice(1), 16))
    return unreserved.test(character) ? character : part.toUpperCase()
  }
  const code = part.charCodeAt(0)
  if (code < 0x80) return `%${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}`
  return part.length === 1 && code >= 0xd800 && code <= 0xdfff ? '%EF%BF%BD' : encodeURIComponent(part)
}
