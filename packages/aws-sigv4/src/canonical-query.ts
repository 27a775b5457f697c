const plain = /^[A-Za-z0-9\-._~]*$/
const reservedOrTriplet = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/gu
const unreserved = /[A-Za-z0-9\-._~]/

/** An encoded name and an encoded value. */
export type EncodedPair = readonly [name: string, value: string]

/**
 * The pairs of a raw query, decoded and encoded once.
 *
 * A raw `+` is a space there, as AWS's servers and its SDK for Go take it; `%2B` is a plus sign.
 */
export function encodedPairs(query: string): EncodedPair[] {
  const pairs: EncodedPair[] = []
  let start = 0
  while (start <= query.length) {
    let end = query.indexOf('&', start)
    if (end < 0) end = query.length
    if (end > start) {
      const part = query.slice(start, end)
      const equals = part.indexOf('=')
      pairs.push(
        equals < 0
          ? [encodeQueryText(part), '']
          : [encodeQueryText(part.slice(0, equals)), encodeQueryText(part.slice(equals + 1))],
      )
    }
    start = end + 1
  }
  return pairs
}

/** Sorts by encoded name, then by encoded value, and joins. */
export function joinSorted(pairs: EncodedPair[]): string {
  if (pairs.length > 1) pairs.sort(compare)
  let text = ''
  for (const [name, value] of pairs) text += text === '' ? `${name}=${value}` : `&${name}=${value}`
  return text
}

// Encoded text is ASCII, where the order of code units is the order of code points that AWS asks for.
function compare(left: EncodedPair, right: EncodedPair): number {
  if (left[0] !== right[0]) return left[0] < right[0] ? -1 : 1
  return left[1] === right[1] ? 0 : left[1] < right[1] ? -1 : 1
}

/** Decodes and encodes once, octet by octet. */
export function encodeQueryText(text: string): string {
  return plain.test(text) ? text : text.replace(reservedOrTriplet, encodePart)
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
