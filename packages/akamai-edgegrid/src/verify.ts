import { type VerifyRequest, verifySignature } from '@ez/signature/verify'
import { description } from './description.ts'

export type { VerifiedSignature, VerifierSecret, VerifySignatureOptions } from '@ez/signature/verify'

/**
 * Verifies an EdgeGrid request. The key id is the client token.
 *
 * @throws the codes of a described verifier: EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH, EZ_BODY_MISMATCH, EZ_NONCE_SEEN, …
 *
 * @example
 * ```ts
 * import { verifyAkamaiEdgeGrid } from '@ez/akamai-edgegrid/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyAkamaiEdgeGrid(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyAkamaiEdgeGrid: VerifyRequest = /* @__PURE__ */ verifySignature(description)
