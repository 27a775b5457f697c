import { encodeRfc3986 } from '@ez/core/crypto'
import { compareEncodedPairs, type EncodedPair } from './parameters.ts'

/** What the names of protocol parameters begin with; no other parameter may (RFC 5849 section 3.2). */
export const protocolPrefix = 'oauth_'

/**
 * The signature base string (RFC 5849 section 3.4.1): method, base string URI and sorted parameters.
 *
 * @param method in any case
 * @param uri from `splitUrl`
 * @param protocol the `oauth_` parameters without `oauth_signature`, already sorted
 * @param others every other parameter, in any order: query, form body, extra parameters
 */
export function createBaseString(
  method: string,
  uri: string,
  protocol: readonly EncodedPair[],
  others: readonly EncodedPair[],
): string {
  // The `oauth_` names stand together in the order, so only the others need sorting.
  const sorted = others.length > 1 ? [...others].sort(compareEncodedPairs) : others
  let parameters = ''
  let next = 0
  for (; next < sorted.length; next += 1) {
    const pair = sorted[next] as EncodedPair
    if (pair[0] > protocolPrefix) break
    parameters += join(pair)
  }
  for (const pair of protocol) parameters += join(pair)
  for (; next < sorted.length; next += 1) parameters += join(sorted[next] as EncodedPair)
  return `${method.toUpperCase()}&${encodeRfc3986(uri)}&${parameters.slice(3)}`
}

// `=` and `&` between the parameters are encoded along with them, and so is every `%` in them.
function join(pair: EncodedPair): string {
  return `%26${escapePercent(pair[0])}%3D${escapePercent(pair[1])}`
}

function escapePercent(encoded: string): string {
  return encoded.includes('%') ? encoded.replaceAll('%', '%25') : encoded
}
