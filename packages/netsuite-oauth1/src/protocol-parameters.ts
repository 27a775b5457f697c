import { EzError, reveal } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import { protocolPrefix } from './base-string.ts'
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

/** Every `oauth_` parameter of one request but the signature, sorted. */
export function createProtocolParameters(
  fixed: FixedParameters,
  keys: SigningKeys,
  nonce: string,
  timestamp: string,
  bodyHash: string | undefined,
): readonly EncodedPair[] {
  const pairs: EncodedPair[] = [
    ...fixed.protocol,
    ['oauth_consumer_key', keys.consumerKey],
    ['oauth_nonce', encodeRfc3986(nonce)],
    ['oauth_timestamp', timestamp],
  ]
  // An empty token is left out, never sent as `oauth_token=""` (RFC 5849 section 3.1).
  if (keys.token !== '') pairs.push(['oauth_token', keys.token])
  if (bodyHash !== undefined) pairs.push(['oauth_body_hash', bodyHash])
  return pairs.sort(compareEncodedPairs)
}

/** Every name that the signer may put into the query, decoded. */
export function namesOf(fixed: FixedParameters, bodyHash: boolean): string[] {
  const names = [...fixed.protocol, ...fixed.extra].map(([name]) => decodeURIComponent(name))
  return [...new Set([...written, ...names, ...(bodyHash ? ['oauth_body_hash'] : [])])]
}
