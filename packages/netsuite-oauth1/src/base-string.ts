import { encodeRfc3986 } from '@ez/core/crypto'
import { compareEncodedPairs, type EncodedPair } from './parameters/encoded-pairs.ts'

/** What the names of protocol parameters begin with; no other parameter may (RFC 5849 section 3.2). */
export const protocolPrefix = 'oauth_'

/**
 * The signature base string (RFC 5849 section 3.4.1): method, base string URI and sorted parameters.
 *
 * @param method in any case
 * @param uri from `splitUrl`
 * @param protocol the sorted `oauth_` parameters without `oauth_signature`, each by `joinInBaseString`
 * @param others every other parameter, in any order: query, form body, extra parameters
 */
export function createBaseString(
  method: string,
  uri: string,
  protocol: string,
  others: readonly EncodedPair[],
): string {
  // The `oauth_` names stand together in the order, so only the others need sorting.
  const sorted = others.length > 1 ? [...others].sort(compareEncodedPairs) : others
  let before = ''
  let after = ''
  for (const pair of sorted)
    if (pair[0] < protocolPrefix) before += joinInBaseString(pair)
    else after += joinInBaseString(pair)
  return `${method.toUpperCase()}&${encodeRfc3986(uri)}&${(before + protocol + after).slice(3)}`
}

/** A pair as it stands in a base string: `&` and `=` are encoded along with it, and so is every `%` in it. */
export function joinInBaseString(pair: EncodedPair): string {
  return `%26${escapePercent(pair[0])}%3D${escapePercent(pair[1])}`
}

/** Encoded text, encoded once more. */
export function escapePercent(encoded: string): string {
  return encoded.includes('%') ? encoded.replaceAll('%', '%25') : encoded
}
