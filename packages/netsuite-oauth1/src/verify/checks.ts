import { equalInConstantTime } from '@ez/core/crypto'
import { askOption, type VerifierSettings } from '@ez/core/received'
import type { Claim } from './claim.ts'
import type { VerifyOAuth1Options } from './options.ts'
import { refusal } from './refusal.ts'

/** Version and method (RFC 5849 section 3.2). */
export function checkMethod(claim: Claim, accepted: readonly string[]): string {
  const version = claim.read('oauth_version')
  if (version !== undefined && version !== '1.0')
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      `oauth_version is ${JSON.stringify(version)}. It must be "1.0", or be left out.`,
    )
  const method = claim.need('oauth_signature_method')
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
  const behind = Math.floor(now.getTime() / 1000) - timestamp
  if (!(Math.abs(behind) <= maxSkewSeconds))
    throw refusal(
      'EZ_CLOCK_SKEW',
      `the timestamp is ${Math.abs(behind)} seconds ${behind > 0 ? 'behind' : 'ahead of'} the server's clock.`,
      { clockOffsetMs: now.getTime() - timestamp * 1000 },
    )
  if (
    nonceSeen &&
    (await askOption('verify oauth1', 'nonceSeen', () => nonceSeen({ keyId, token, nonce, timestamp })))
  )
    throw refusal('EZ_NONCE_SEEN', 'the nonce was used before. Sign each attempt anew.')
}
