import { equalInConstantTime } from '@ez/core/crypto'
import type { VerifierSettings } from '@ez/core/received'
import type { VerifyOAuth1Options } from '../verify.ts'
import type { Claim } from './claim.ts'
import { refusal } from './refusal.ts'

const hmacAndRsa = ['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512', 'RSA-SHA1', 'RSA-SHA256', 'RSA-SHA512']

/** Version and method (RFC 5849 section 3.2). */
export function checkMethod(claim: Claim, options: VerifyOAuth1Options): string {
  const version = claim.read('oauth_version')
  if (version !== undefined && version !== '1.0')
    throw refusal('EZ_AUTHORIZATION_INVALID', `oauth_version is ${version}.`)
  const method = claim.need('oauth_signature_method')
  const accepted = [
    ...(options.signatureMethods ?? hmacAndRsa),
    ...(options.allowPlaintext ? ['PLAINTEXT'] : []),
  ]
  if (!accepted.includes(method))
    throw refusal('EZ_ALGORITHM_REFUSED', `${method} is not accepted. Use ${accepted.join(', ')}.`)
  return method
}

/** `oauth_body_hash`, when it was sent (OAuth Request Body Hash 1.0 draft 4, section 4). */
export async function checkBodyHash(claim: Claim, method: string, body: Uint8Array): Promise<void> {
  const given = claim.read('oauth_body_hash')
  if (given === undefined) return
  if (claim.hasForm) throw refusal('EZ_AUTHORIZATION_INVALID', 'oauth_body_hash stands beside a form body.')
  const name = method === 'PLAINTEXT' ? 'SHA-1' : method.replace(/^.*SHA/, 'SHA-')
  const digest = new Uint8Array(await crypto.subtle.digest(name, body as Uint8Array<ArrayBuffer>))
  if (!equalInConstantTime(btoa(String.fromCharCode(...digest)), given))
    throw refusal('EZ_BODY_MISMATCH', 'the body is not the one that was hashed.')
}

/** Timestamp and nonce (RFC 5849 section 3.3), of a request whose signature was right. */
export async function checkOnce(
  claim: Claim,
  keyId: string,
  token: string | undefined,
  { now, maxSkewSeconds }: VerifierSettings,
  nonceSeen: VerifyOAuth1Options['nonceSeen'],
): Promise<void> {
  const text = claim.need('oauth_timestamp')
  const nonce = claim.need('oauth_nonce')
  if (!/^\d{1,12}$/.test(text))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'oauth_timestamp is not a number of seconds.')
  const timestamp = Number(text)
  const skewSeconds = timestamp - Math.floor(now.getTime() / 1000)
  if (!(Math.abs(skewSeconds) <= maxSkewSeconds))
    throw refusal('EZ_CLOCK_SKEW', `the timestamp is ${skewSeconds} seconds from the server's clock.`, {
      skewSeconds,
    })
  if (await nonceSeen?.({ keyId, token, nonce, timestamp }))
    throw refusal('EZ_NONCE_SEEN', 'the nonce was used before. Sign each attempt anew.')
}
