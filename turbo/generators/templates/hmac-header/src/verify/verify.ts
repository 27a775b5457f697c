import type { ResolvedRequest } from '@ez/core'
import { equalInConstantTime } from '@ez/core/crypto'
import { askOption, isUsableSecret, receive } from '@ez/core/received'
import { readClaim } from './claim.ts'
import { hmacHex } from './digest.ts'
import { expectedOf } from './expected.ts'
import { settingsOf, type VerifiedExampleScheme, type VerifyExampleSchemeOptions } from './options.ts'
import { refusal } from './refusal.ts'

export type { VerifiedExampleScheme, VerifierSecret, VerifyExampleSchemeOptions } from './options.ts'
export type { RefusalCode } from './refusal.ts'

/**
 * Verifies a received request as the service does. It shares no canonicalisation with the signer, and looks the key
 * up before it reads the body.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW (`details.clockOffsetMs`), EZ_SIGNATURE_MISMATCH (`details.stages`), EZ_BODY_INVALID,
 * EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyExampleScheme } from '@ez/example-scheme/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId } = await verifyExampleScheme(request, { secretFor: () => 'example-secret-key' })
 *   return new Response(keyId)
 * }
 * ```
 */
export async function verifyExampleScheme(
  request: Request | ResolvedRequest,
  options: VerifyExampleSchemeOptions,
): Promise<VerifiedExampleScheme> {
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(options)
  const received = receive('verify example-scheme', request, options.url)
  const url = received.absoluteUrl()
  const { keyId, date, signedAt, signature } = readClaim(received)
  const clockOffsetMs = now.getTime() - signedAt
  if (!(Math.abs(clockOffsetMs) <= maxSkewSeconds * 1000))
    throw refusal('EZ_CLOCK_SKEW', `the date is ${clockOffsetMs / 1000} seconds old.`, { clockOffsetMs })
  const secretKey = await askOption('verify example-scheme', 'secretFor', () => options.secretFor(keyId))
  if (!isUsableSecret(secretKey)) throw refusal('EZ_KEY_UNKNOWN', `there is no key "${keyId}".`)

  const body = await received.readBody(maxBodyBytes)
  const { canonicalRequest, stringToSign } = await expectedOf(received.method, url, date, body)
  if (!equalInConstantTime(await hmacHex(secretKey, stringToSign), signature))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      stages: { 'canonical-request': canonicalRequest, 'string-to-sign': stringToSign },
    })
  const covers = { method: true, host: true, path: true, query: 'all', headers: ['x-date'], body: 'all' } as const
  return { keyId, covers, body }
}
