import { EzError, reveal } from '@ez/core'
import { protocolPrefix } from '../base-string.ts'
import { encodePair } from '../parameters/encoded-pairs.ts'
import type { FixedParameters } from '../parameters/protocol.ts'
import type { OAuth1Behaviour } from './options.ts'

const written = [
  'oauth_consumer_key',
  'oauth_nonce',
  'oauth_signature',
  'oauth_signature_method',
  'oauth_timestamp',
  'oauth_token',
]

/**
 * Encodes what the options of `oauth1` fix.
 *
 * @throws EZ_OPTION_INVALID for an extra parameter that the signer writes itself
 */
export function fixParameters(id: string, options: OAuth1Behaviour): FixedParameters {
  const { signatureMethod = 'HMAC-SHA1', callback, verifier, version = '1.0', bodyHash } = options
  const { extraParameters = [] } = options
  const protocol: (readonly [string, string])[] = [['oauth_signature_method', signatureMethod]]
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

/** Every name that the signer may put into the query, decoded. */
export function namesOf(fixed: FixedParameters, hashesBody: boolean): string[] {
  const names = [...fixed.protocol, ...fixed.extra].map(([name]) => decodeURIComponent(name))
  return [...new Set([...written, ...names, ...(hashesBody ? ['oauth_body_hash'] : [])])]
}
