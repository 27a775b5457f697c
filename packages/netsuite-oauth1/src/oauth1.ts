import type { Provider, Signer } from '@ez/core'
import { diagnoseOAuth1 } from './diagnose.ts'
import { createKeyCache } from './keys.ts'
import {
  checkOAuth1Credentials,
  checkOAuth1Options,
  type OAuth1Credentials,
  type OAuth1Options,
  oauth1Schema,
} from './options.ts'
import { createSigner, type Identity } from './signer.ts'

export type { OAuth1Credentials, OAuth1Options } from './options.ts'
export type { SignatureMethod } from './signature.ts'

/**
 * A signer for OAuth 1.0a, the whole of it: every signature method and every placement.
 *
 * Query and form parameters are signed as they are on the wire; other bodies are not, unless
 * `bodyHash` is set. The timestamp is in seconds.
 *
 * Source: RFC 5849; OAuth Request Body Hash 1.0 draft 4.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID when it is created
 * @throws EZ_OAUTH1_PARAMETER_RESERVED, EZ_BODY_UNSIGNABLE, EZ_BODY_NOT_FORM when it signs
 *
 * @example
 * ```ts
 * import { prepare } from '@ez/core'
 * import { oauth1 } from '@ez/netsuite-oauth1/oauth1'
 *
 * const prepared = await prepare({
 *   method: 'GET',
 *   url: 'http://photos.example.net/photos?file=vacation.jpg&size=original',
 *   preRequest: [
 *     oauth1({
 *       consumerKey: 'dpf43f3p2l4k3l03',
 *       consumerSecret: 'kd94hf93k423kf44',
 *       token: 'nnch734d00sl2jdk',
 *       tokenSecret: 'pfkkdhi9sl3r4s00',
 *       realm: 'Photos',
 *     }),
 *   ],
 * })
 * console.log(prepared.toCurl({ mask: true }))
 * ```
 */
export function oauth1(options: OAuth1Options): Signer {
  const id = 'oauth1'
  checkOAuth1Options(id, options)
  const { credentials, ...rest } = options
  const keysOf = createKeyCache(options.signatureMethod ?? 'HMAC-SHA1')
  const identityOf = (value: OAuth1Credentials): Identity => ({ keys: keysOf(value), realm: options.realm })
  if (!credentials) {
    const own = identityOf(rest as OAuth1Credentials)
    return createSigner({ id, behaviour: options, diagnose: diagnoseOAuth1, identify: () => own })
  }
  const identifyGiven = (given: OAuth1Credentials): Identity => {
    checkOAuth1Credentials(id, given)
    return identityOf(given)
  }
  return createSigner({
    id,
    behaviour: options,
    diagnose: diagnoseOAuth1,
    identify(context) {
      const given = credentials(context)
      return given instanceof Promise ? given.then(identifyGiven) : identifyGiven(given)
    },
  })
}

/** `use: '@ez/netsuite-oauth1/oauth1'` in a request file. */
export const provider: Provider<OAuth1Options> = { id: 'oauth1', options: oauth1Schema, create: oauth1 }
