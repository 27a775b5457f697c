import { type VerifyRequest, verifySignature } from '@ez/signature/verify'
import { description } from './description.ts'

export type { VerifiedSignature, VerifierSecret, VerifySignatureOptions } from '@ez/signature/verify'

/**
 * Verifies a Mastercard request. The key id is the consumer key; the secret is the public key as PEM.
 *
 * @throws the codes of a described verifier: EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH, EZ_BODY_MISMATCH, EZ_NONCE_SEEN, …
 *
 * @example
 * ```ts
 * import { verifyMastercard } from '@ez/mastercard/verify'
 *
 * export async function handle(request: Request, publicKey: string): Promise<Response> {
 *   const { covers } = await verifyMastercard(request, { secretFor: () => publicKey })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyMastercard: VerifyRequest = /* @__PURE__ */ verifySignature(description)
