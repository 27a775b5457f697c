import { encodeRfc3986 } from '@ez/core/crypto'
import { encodePart } from './encode.ts'

/** How a path becomes the canonical URI. */
export interface PathRules {
  /** Remove `.` and `..` segments and empty segments. */
  readonly normalizePath: boolean
  /** Percent-encode the path as it is on the wire once more. */
  readonly doubleEncode: boolean
  /** Take `%2F` for the `/` of an object key. */
  readonly decodeSlash: boolean
}

const plain = /^[\w.~/-]*$/
const reserved = /[^\w.~/-]/gu
const reservedOrTriplet = /%[\dA-Fa-f]{2}|[^\w.~/-]/gu
const needsNormalizing = /\/\/|\/\.|^[^/]/

/**
 * The canonical URI: S3 signs the path decoded and encoded once, other services encode the wire path again.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", canonical URI.
 *
 * @throws EZ_TEXT_INVALID for half of a surrogate pair
 */
export function canonicalPath(path: string, rules: PathRules): string {
  const normalized = rules.normalizePath && needsNormalizing.test(path) ? removeDotSegments(path) : path
  if (plain.test(normalized)) return normalized || '/'
  return rules.doubleEncode
    ? normalized.replace(reserved, encodeRfc3986)
    : encodePathOnce(normalized, rules.decodeSlash)
}

/** Decodes and encodes once. */
export function encodePathOnce(path: string, decodeSlash: boolean): string {
  return path.replace(reservedOrTriplet, (part) => {
    const encoded = encodePart(part)
    return decodeSlash && encoded === '%2F' ? '/' : encoded
  })
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
