import type { ResolvedRequest } from '@ez/core'
import { equalInConstantTime } from '@ez/core/crypto'
import { hexOf, hmacSha256, scopeKey } from './digest.ts'
import type { VerifiedAwsSigV4, VerifyAwsSigV4Options } from './options.ts'
import { type VerifierScheme, verifyWith } from './verify-with.ts'

export type { VerifiedAwsSigV4, VerifierSecret, VerifyAwsSigV4Options } from './options.ts'
export type { RefusalCode } from './refusal.ts'

const scheme: VerifierScheme = {
  form: { algorithm: 'AWS4-HMAC-SHA256', signature: /^[0-9a-f]{64}$/, hasRegion: true },
  keyOf: (secretAccessKey, { scope }) => scopeKey(secretAccessKey, scope),
  async isSigned(key, stringToSign, signature) {
    return equalInConstantTime(hexOf(await hmacSha256(key, stringToSign)), signature)
  },
}

/**
 * Verifies a request signed with AWS Signature Version 4, in the header, presigned or chunked, as a
 * service does.
 *
 * It shares no canonicalisation with the signer and works on WebCrypto. `host` and every `x-amz-*` header
 * must be signed, but `x-amz-content-sha256`, whose value is signed as the line of the payload; two authorizations and
 * repeated `X-Amz-*` parameters are refused. A signed `Date` serves where there is no `x-amz-date`. The key is looked
 * up before the body is read.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_TOKEN_MISMATCH, EZ_SCOPE_MISMATCH, EZ_CLOCK_SKEW (`details.clockOffsetMs`), EZ_SIGNATURE_EXPIRED,
 * EZ_HEADER_UNSIGNED, EZ_SIGNATURE_MISMATCH (`details.stages`), EZ_BODY_UNSIGNED,
 * EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId, body } = await verifyAwsSigV4(request, {
 *     service: 's3',
 *     region: 'us-east-1',
 *     secretFor: (id) => (id === 'AKIDEXAMPLE' ? 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' : undefined),
 *   })
 *   return new Response(`${keyId} sent ${await new Response(body as BodyInit).text()}`)
 * }
 * ```
 */
export function verifyAwsSigV4(
  request: Request | ResolvedRequest,
  options: VerifyAwsSigV4Options,
): Promise<VerifiedAwsSigV4> {
  return verifyWith(request, options, scheme)
}
