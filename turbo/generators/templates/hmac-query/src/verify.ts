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
 * EZ_SIGNATURE_EXPIRED, EZ_SIGNATURE_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE,
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
  const { method, url, body } = await receiveWhole('verify example-scheme', request, options.url, maxBodyBytes)
  const one = (name: string): string => {
    const values = url.searchParams.getAll(name)
    if (values.length > 1) throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two parameters ${name}.`)
    if (!values[0]) throw refusal('EZ_AUTHORIZATION_MISSING', `there is no parameter ${name}.`)
    return values[0]
  }
  const [keyId, expires, signature] = [one('key-id'), one('expires'), one('signature')]
  if (!/^\d{1,12}$/.test(expires)) throw refusal('EZ_AUTHORIZATION_INVALID', 'expires is no instant.')
  if (!(now.getTime() / 1000 <= Number(expires) + maxSkewSeconds))
    throw refusal('EZ_SIGNATURE_EXPIRED', `the URL held until second ${expires}.`)
  const secretKey = await options.secretFor(keyId)
  if (!isUsableSecret(secretKey)) throw refusal('EZ_KEY_UNKNOWN', `there is no key "${keyId}".`)

  const query = url.search.slice(1).split('&').filter((pair) => pair && !pair.startsWith('signature='))
  const canonicalRequest = `${method}\n${url.pathname}\n${query.sort().join('&')}\nhost:${url.host}`
  const expected = await hmacHex(secretKey, `HMAC-SHA256\n${expires}\n${await sha256Hex(canonicalRequest)}`)
  if (!equalInConstantTime(expected, signature))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      canonicalRequest,
    })
  return { keyId, signedNames: ['method', 'path', 'query', 'host'], body }
}
