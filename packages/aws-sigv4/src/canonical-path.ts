/** How a path becomes the canonical URI. */
export interface PathRules {
  /** Remove `.` and `..` segments and empty segments. */
  readonly normalizePath: boolean
  /** Percent-encode the path as it is on the wire once more. */
  readonly doubleEncode: boolean
  /** Take `%2F` for the `/` of an object key. */
  readonly decodeSlash: boolean
}

const plain = /^[A-Za-z0-9\-._~/]*$/
const reserved = /[^A-Za-z0-9\-._~/]/gu
const reservedOrTriplet = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~/]/gu
const unreserved = /[A-Za-z0-9\-._~]/
const needsNormalizing = /\/\/|\/\.|^[^/]/

/**
 * The canonical URI: S3 signs the path decoded and encoded once, other services encode the wire path again.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", canonical URI.
 */
export function canonicalPath(path: string, rules: PathRules): string {
  const normalized = rules.normalizePath && needsNormalizing.test(path) ? removeDotSegments(path) : path
  if (plain.test(normalized)) return normalized === '' ? '/' : normalized
  return rules.doubleEncode
    ? normalized.replace(reserved, percentEncode)
    : encodeOnce(normalized, rules.decodeSlash)
}

/** Decodes and encodes once, octet by octet, so that it also holds for what is not UTF-8. */
export function encodeOnce(text: string, decodeSlash: boolean): string {
  return text.replace(reservedOrTriplet, (part) => {
    if (part.length !== 3) return percentEncode(part)
    const octet = Number.parseInt(part.slice(1), 16)
    if (octet === 0x2f) return decodeSlash ? '/' : '%2F'
    const character = String.fromCharCode(octet)
    return unreserved.test(character) ? character : part.toUpperCase()
  })
}

function percentEncode(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x80) return `%${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}`
  // Half of a surrogate pair has no UTF-8 form; a URL parser would send U+FFFD in its place.
  return code >= 0xd800 && character.length === 1 && code <= 0xdfff
    ? '%EF%BF%BD'
    : encodeURIComponent(character)
}

// As AWS's SDKs do it: `.`, `..` and empty segments go, and a final slash stays when the path had one.
function removeDotSegments(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`
}
