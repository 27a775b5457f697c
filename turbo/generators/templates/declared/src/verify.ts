import { type VerifyRequest, verifySignature } from '@ez/signature/verify'
import { description } from './description.ts'

export type { VerifiedSignature, VerifierSecret, VerifySignatureOptions } from '@ez/signature/verify'

/**
 * Verifies a request that was signed with ExampleScheme.
 *
 * @throws the codes of a described verifier: EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH, EZ_BODY_MISMATCH, EZ_NONCE_SEEN, …
 *
 * @example
 * ```ts
 * import { verifyExampleScheme } from '@ez/example-scheme/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { covers } = await verifyExampleScheme(request, { secretFor: () => 'example-secret' })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyExampleScheme: VerifyRequest = /* @__PURE__ */ verifySignature(description)
