import { type VerifyRequest, verifySignature } from '@ez/signature/verify'
import { description } from './description.ts'

export type { VerifiedSignature, VerifierSecret, VerifySignatureOptions } from '@ez/signature/verify'

/**
 * Verifies a Kraken request. The key id is the API key, the secret in base64.
 *
 * @throws the codes of a described verifier: EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH, EZ_BODY_MISMATCH, EZ_NONCE_SEEN, …
 *
 * @example
 * ```ts
 * import { verifyKraken } from '@ez/kraken/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyKraken(request, { secretFor: () => 'c2VjcmV0IG9mIGFuIGV4YW1wbGU=' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyKraken: VerifyRequest = /* @__PURE__ */ verifySignature(description)
