import { EzError, reveal } from '@ez/core'
import { beginHeader, joinInHeader } from './authorization-header.ts'
import { escapePercent, joinInBaseString, protocolPrefix } from './base-string.ts'
import { hole, prepareText } from './holes.ts'
import type { SigningKeys } from './keys.ts'
import type { OAuth1Behaviour } from './options.ts'
import { compareEncodedPairs, type EncodedPair, encodePair } from './parameters.ts'

/** The parameters that do not change from one request to the next. */
export interface FixedParameters {
  /** With the prefix `oauth_`. */
  readonly protocol: readonly EncodedPair[]
  /** Extra parameters without it, such as `role`. */
  readonly extra: readonly EncodedPair[]
}

const written = ['consumer_key', 'nonce', 'signature', 'signature_method', 'timestamp', 'token'].map(
  (name) => protocolPrefix + name,
)

/**
 * Encodes what the options fix.
 *
 * @throws EZ_OPTION_INVALID for an extra parameter that the signer writes itself
 */
export function fixParameters(id: string, options: OAuth1Behaviour): FixedParameters {
  const { callback, verifier, version = '1.0', bodyHash, extraParameters = [] } = options
  const protocol: (readonly [string, string])[] = [
    ['oauth_signature_method', options.signatureMethod ?? 'HMAC-SHA1'],
  ]
  if (callback !== undefined) protocol.push(['oauth_callback', callback])
  if (verifier !== undefined) protocol.push(['oauth_verifier', reveal(verifier)])
  if (version !== null) protocol.push(['oauth_version', version])
  const taken = new Set([
    ...written,
    ...protocol.map(([name]) => name),
    ...(bodyHash ? ['oauth_body_hash'] : []),
  ])
  for (const [name] of extraParameters)
    if (taken.has(name))
      throw new EzError(
        'EZ_OPTION_INVALID',
        `${id}: extraParameters cannot hold ${name}, which the signer writes.`,
      )
  const isProtocol = ([name]: readonly [string, string]): boolean => name.startsWith(protocolPrefix)
  return {
    protocol: [...protocol, ...extraParameters.filter(isProtocol)].map(encodePair),
    extra: extraParameters.filter((pair) => !isProtocol(pair)).map(encodePair),
  }
}

/** The protocol parameters of one pair of keys, sorted and joined once for all their requests. */
export interface ProtocolParameters {
  /** Every `oauth_` parameter but the signature, sorted. */
  pairs(values: RequestValues): EncodedPair[]
  /** The same as they stand in the base string. */
  inBaseString(values: RequestValues): string
  /** The value of the `Authorization` header. */
  header(values: RequestValues, signature: string): string
}

/** What each request brings, percent-encoded and in the order of the names: body hash if there is one, nonce, timestamp. */
export type RequestValues = readonly string[]

/**
 * Prepares the protocol parameters of one pair of keys.
 *
 * An empty token is left out, never sent as `oauth_token=""` (RFC 5849 section 3.1).
 */
export function prepareProtocol(
  fixed: FixedParameters,
  keys: SigningKeys,
  realm: string | undefined,
  hasBodyHash: boolean,
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
  const inBaseString = prepareText(sorted, joinInBaseString)
  const inHeader = prepareText([...sorted, ...fixed.extra], joinInHeader)
  const start = beginHeader(realm)
  return {
    pairs(values) {
      let next = 0
      return sorted.map(([name, value]) => [name, value === hole ? (values[next++] as string) : value])
    },
    inBaseString: (values) => inBaseString(values.map(escapePercent)),
    header: (values, signature) => `${start}${inHeader(values)} oauth_signature="${signature}"`,
  }
}

/** Every name that the signer may put into the query, decoded. */
export function namesOf(fixed: FixedParameters, bodyHash: boolean): string[] {
  const names = [...fixed.protocol, ...fixed.extra].map(([name]) => decodeURIComponent(name))
  return [...new Set([...written, ...names, ...(bodyHash ? ['oauth_body_hash'] : [])])]
}
