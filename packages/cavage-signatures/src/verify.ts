import { type VerifyRequest, verifySignature } from '@ez/signature/verify'
import { cyberSource, description, oci } from './description.ts'

export type { VerifiedSignature, VerifierSecret, VerifySignatureOptions } from '@ez/signature/verify'

const verify: VerifyRequest = /* @__PURE__ */ verifySignature(description)

/**
 * Verifies a request that was signed as the draft has it. The secret is the public key as PEM, or the shared secret;
 * `options.algorithm` is the one of the key (default `rsa-sha256`), whatever the request says. Request target, host and
 * date must be signed, unless `requires` says otherwise.
 *
 * @throws the codes of a described verifier: EZ_AUTHORIZATION_MISSING, EZ_HEADER_UNSIGNED, EZ_KEY_UNKNOWN,
 * EZ_CLOCK_SKEW, EZ_SIGNATURE_MISMATCH, EZ_BODY_MISMATCH, …
 *
 * @example
 * ```ts
 * import { verifyCavageSignatures } from '@ez/cavage-signatures/verify'
 *
 * export async function handle(request: Request, publicKey: string): Promise<Response> {
 *   const { covers } = await verifyCavageSignatures(request, { secretFor: () => publicKey })
 *   return Response.json(covers)
 * }
 * ```
 */
export const verifyCavageSignatures: VerifyRequest = (request, options) =>
  verify(request, { requires: ['(request-target)', 'host', 'date'], ...options })

/** Verifies a request that was signed for Oracle Cloud; the secret is the public key as PEM. */
export const verifyOciSignatures: VerifyRequest = /* @__PURE__ */ verifySignature(oci)

/** Verifies a request that was signed for CyberSource; the secret is the shared one, in base64. */
export const verifyCyberSourceSignatures: VerifyRequest = /* @__PURE__ */ verifySignature(cyberSource)
