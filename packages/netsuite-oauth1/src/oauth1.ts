import { type Provider, reveal, type Secret, type Signer, whenReady } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import { createSigner, type Identity } from './create-signer.ts'
import { createBodyHash } from './oauth1/body-hash.ts'
import { diagnoseOAuth1 } from './oauth1/diagnose.ts'
import { fixParameters, namesOf } from './oauth1/fixed-parameters.ts'
import {
  checkOAuth1Options,
  type OAuth1Credentials,
  type OAuth1Options,
  oauth1Schema,
  presentOptions,
  readOAuth1Credentials,
} from './oauth1/options.ts'
import { inForm, inQuery } from './oauth1/placement.ts'
import { hashOf, prepareSignature } from './oauth1/signature-methods.ts'
import { createKeyCache, type SigningKeys } from './parameters/keys.ts'
import { prepareProtocol } from './parameters/protocol.ts'
import type { SignatureMethod } from './signature.ts'

export type { OAuth1Credentials, OAuth1Options } from './oauth1/options.ts'
export type { SignatureMethod } from './signature.ts'

const id = 'oauth1'

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
export function oauth1(given: OAuth1Options): Signer {
  const options = presentOptions(given)
  checkOAuth1Options(id, options)
  const {
    signatureMethod = 'HMAC-SHA1',
    placement = 'header',
    bodyHash = false,
    credentials,
    realm,
  } = options
  const fixed = fixParameters(id, options)
  const identityOf = createKeyCache(
    prepareSignature(signatureMethod),
    (keys): Identity => ({
      keys: withSecrets(keys, signatureMethod, options.verifier),
      protocol: prepareProtocol(fixed, keys, realm),
      hashing: prepareProtocol(fixed, keys, realm, true),
    }),
  )
  const own = credentials ? undefined : identityOf(options as OAuth1Credentials)
  return createSigner({
    id,
    fixed,
    diagnose: diagnoseOAuth1,
    ...placements[placement](namesOf(fixed, bodyHash)),
    ...(bodyHash && { hashBody: (request) => createBodyHash(id, hashOf(signatureMethod), request) }),
    identify: (context) =>
      own ??
      whenReady((credentials as NonNullable<typeof credentials>)(context), (found) =>
        identityOf(readOAuth1Credentials(id, found)),
      ),
  })
}

const placements = {
  header: () => ({}),
  query: (names: string[]) => ({ place: inQuery, writes: { headers: [], query: names } }),
  form: () => ({ place: inForm, writes: { headers: [], query: [], body: true } }),
} as const

/** The keys with everything else that the trace must not show. */
function withSecrets(
  keys: SigningKeys,
  method: SignatureMethod,
  verifier: string | Secret = '',
): SigningKeys {
  const secrets = [...keys.secrets, reveal(verifier)].filter(Boolean)
  if (method !== 'PLAINTEXT') return { ...keys, secrets }
  // PLAINTEXT puts the secrets themselves on the wire, encoded in the signature and once more around it.
  const once = secrets.map(encodeRfc3986)
  return { ...keys, secrets: [...secrets, ...once, ...once.map(encodeRfc3986)] }
}

/** `use: '@ez/netsuite-oauth1/oauth1'` in a request file. */
export const provider: Provider<OAuth1Options> = { id, options: oauth1Schema, create: oauth1 }
