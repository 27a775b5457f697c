import { escapePercent, joinInBaseString } from '../base-string.ts'
import { compareEncodedPairs, type EncodedPair } from './encoded-pairs.ts'
import { hole, prepareText } from './holes.ts'
import type { SigningKeys } from './keys.ts'

/** The parameters that do not change from one request to the next. */
export interface FixedParameters {
  /** With the prefix `oauth_`. */
  readonly protocol: readonly EncodedPair[]
  /** Extra parameters without it, such as `role`. */
  readonly extra: readonly EncodedPair[]
}

/** The protocol parameters of one pair of keys, sorted and joined once for all their requests. */
export interface ProtocolParameters {
  /** Every parameter but the signature, sorted, the extra ones last; a hole is the value of what a request brings. */
  readonly pairs: readonly EncodedPair[]
  /** The sorted `oauth_` parameters as they stand in the base string. */
  inBaseString(values: RequestValues): string
  /** The value of the `Authorization` header (RFC 5849 section 3.5.1). */
  header(values: RequestValues, signature: string): string
}

/** What each request brings, percent-encoded, in the order of the names: body hash if there is one, nonce, timestamp. */
export type RequestValues = readonly string[]

/**
 * Prepares the protocol parameters of one pair of keys.
 *
 * An empty token is left out, never sent as `oauth_token=""` (RFC 5849 section 3.1). The realm is never signed.
 */
export function prepareProtocol(
  fixed: FixedParameters,
  keys: SigningKeys,
  realm: string | undefined,
  hasBodyHash = false,
): ProtocolParameters {
  const sorted: EncodedPair[] = [
    ...fixed.protocol,
    ['oauth_consumer_key', keys.consumerKey],
    ['oauth_nonce', hole],
    ['oauth_timestamp', hole],
  ]
  if (keys.token !== '') sorted.push(['oauth_token', keys.token])
  if (hasBodyHash) sorted.push(['oauth_body_hash', hole])
  sorted.sort(compareEncodedPairs)
  const pairs = [...sorted, ...fixed.extra]
  const inBaseString = prepareText(sorted, joinInBaseString)
  const inHeaderText = prepareText(pairs, ([name, value]) => ` ${name}="${value}",`)
  const start = realm === undefined ? 'OAuth' : `OAuth realm="${realm.replace(/["\\]/g, '\\$&')}",`
  return {
    pairs,
    inBaseString: (values) => inBaseString(values.map(escapePercent)),
    header: (values, signature) => `${start}${inHeaderText(values)} oauth_signature="${signature}"`,
  }
}
