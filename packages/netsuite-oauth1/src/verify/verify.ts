import type { ResolvedRequest } from '@ez/core'
import { askOption } from '@ez/core/received'
import { canSign, checkSignature } from './check-signature.ts'
import { checkBodyHash, checkMethod, checkOnce } from './checks.ts'
import { readClaim } from './claim.ts'
import { coversOf } from './covered.ts'
import { expectBaseString } from './expected.ts'
import { settingsOf, type VerifiedOAuth1, type VerifyOAuth1Options } from './options.ts'
import { receiveTarget } from './received.ts'
import { refusal } from './refusal.ts'
import { showBytes } from './wire.ts'

export type { NonceUse, OAuth1Secrets, VerifiedOAuth1, VerifyOAuth1Options } from './options.ts'
export type { RefusalCode } from './refusal.ts'

/**
 * Verifies an OAuth 1.0a request as its server would: signature, then timestamp, then nonce.
 *
 * Parameters may stand in the header, the query or a form body, in one of them only. The secrets are looked up before
 * a body is hashed, and before it is read where the parameters stand elsewhere. The request's own body can still be
 * read.
 *
 * Source: RFC 5849 section 3.2.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_ALGORITHM_REFUSED,
 * EZ_SIGNATURE_MISMATCH (`details.stages`), EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_CLOCK_SKEW
 * (`details.clockOffsetMs`), EZ_NONCE_SEEN, EZ_REQUEST_INVALID, EZ_OPTION_INVALID, EZ_CREDENTIAL_INVALID
 *
 * @example
 * ```ts
 * import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
 *
 * const request = new Request('https://api.example.com/orders', { headers: { authorization: 'OAuth …' } })
 * const verified = await verifyOAuth1(request, {
 *   secretFor: (keyId) => (keyId === 'key' ? { consumerSecret: 'secret', tokenSecret: '' } : undefined),
 * })
 * console.log(verified.signedNames)
 * ```
 */
export async function verifyOAuth1(
  request: Request | ResolvedRequest,
  options: VerifyOAuth1Options,
): Promise<VerifiedOAuth1> {
  const settings = settingsOf(options)
  const received = receiveTarget(request, options.url)
  const claim = await readClaim(received, settings.maxBodyBytes)
  const keyId = claim.need('oauth_consumer_key')
  const token = claim.read('oauth_token')
  const method = checkMethod(claim, settings.methods)
  const signature = claim.need('oauth_signature')

  const secrets = await askOption('verify oauth1', 'secretFor', () => options.secretFor(keyId, token))
  if (!secrets || !canSign(method, secrets))
    throw refusal('EZ_KEY_UNKNOWN', 'the consumer key or the token is unknown.')
  const pairs = await claim.signedPairs()
  const baseString = expectBaseString(received, pairs)
  if (!(await checkSignature(method, baseString, signature, secrets)))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      stages: { 'base-string': baseString },
    })
  const body = await claim.readBody()
  await checkBodyHash(claim, method, body)
  // Both may be missing with PLAINTEXT only (RFC 5849 section 3.1).
  if (method !== 'PLAINTEXT' || claim.read('oauth_timestamp') !== undefined)
    await checkOnce(claim, keyId, token, settings, options.nonceSeen)

  const names = new Set(pairs.map(({ name }) => showBytes(name)))
  names.delete('oauth_signature')
  const covers = coversOf(method, claim, pairs)
  return {
    keyId,
    token,
    realm: claim.realm,
    signedNames: method === 'PLAINTEXT' ? [] : [...names].sort(),
    covers,
    body: covers.body === 'all' ? body : null,
  }
}
