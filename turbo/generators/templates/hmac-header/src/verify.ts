import type { ResolvedRequest } from '@ez/core'
import { equalInConstantTime } from '@ez/core/crypto'
import { isUsableSecret, receiveWhole } from '@ez/core/received'
import { hmacHex, sha256Hex } from './verify/digest.ts'
import { settingsOf, type VerifiedExampleScheme, type VerifyExampleSchemeOptions } from './verify/options.ts'
import { refusal } from './verify/refusal.ts'

export type { VerifiedExampleScheme, VerifierSecret, VerifyExampleSchemeOptions } from './verify/options.ts'
export type { RefusalCode } from './verify/refusal.ts'

/**
 * Verifies a received request as the service does. It shares no canonicalisation with the signer.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE,
 * EZ_REQUEST_INVALID, EZ_OPTION_INVALID
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
  const { method, url, body, header } = await receiveWhole('verify example-scheme', request, options.url, maxBodyBytes)
  const authorization = header('authorization')
  const date = header('x-date') ?? ''
  if (authorization === undefined)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no authorization header.')
  const [, keyId = '', signature] =
    /^HMAC-SHA256 Credential=([^,]+), Signature=([0-9a-f]{64})$/.exec(authorization) ?? []
  const age = (now.getTime() - Date.parse(date)) / 1000
  if (signature === undefined || Number.isNaN(age))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization or x-date header cannot be read.')
  if (!(Math.abs(age) <= maxSkewSeconds))
    throw refusal('EZ_CLOCK_SKEW', `the date is ${age} seconds old.`, { clockOffsetMs: age * 1000 })
  const secretKey = await options.secretFor(keyId)
  if (!isUsableSecret(secretKey)) throw refusal('EZ_KEY_UNKNOWN', `there is no key "${keyId}".`)

  const query = url.search.slice(1).split('&').filter(Boolean).sort().join('&')
  const canonicalRequest = `${method}\n${url.pathname}\n${query}\nhost:${url.host}\nx-date:${date}\n${await sha256Hex(body)}`
  const expected = await hmacHex(secretKey, `HMAC-SHA256\n${date}\n${await sha256Hex(canonicalRequest)}`)
  if (!equalInConstantTime(expected, signature))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      canonicalRequest,
    })
  return { keyId, signedNames: ['method', 'path', 'query', 'host', 'x-date', 'body'], body }
}
