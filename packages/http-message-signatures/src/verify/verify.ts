import type { ResolvedRequest } from '@ez/core'
import { receive } from '@ez/core/received'
import { checkCoverage, checkNonce, checkSignature, checkTime, id, keyIdOf, keyOf } from './checks.ts'
import { readClaim } from './claim.ts'
import { coversOf } from './covered.ts'
import { checkDigests, coveredDigests } from './digest.ts'
import { expectedBase, RequestValues } from './expected.ts'
import {
  settingsOf,
  type VerifiedHttpMessageSignatures,
  type VerifyHttpMessageSignaturesOptions,
} from './options.ts'

export type {
  VerifiedHttpMessageSignatures,
  VerifierSecret,
  VerifyHttpMessageSignaturesOptions,
} from './options.ts'
export type { RefusalCode } from './refusal.ts'

/**
 * Verifies the signature of a received request, and its body when `content-digest` is signed.
 *
 * It shares no canonicalisation with the signer. The algorithm is the key's own: a signature that names
 * another is refused.
 *
 * Source: RFC 9421 section 3.2.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_COMPONENT_UNSIGNED, EZ_CLOCK_SKEW, EZ_SIGNATURE_EXPIRED, EZ_NONCE_SEEN, EZ_SIGNATURE_MISMATCH,
 * EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
 *
 * const key = '{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId } = await verifyHttpMessageSignatures(request, {
 *     requiredComponents: ['@method', '@target-uri', 'content-digest'],
 *     secretFor: (id) => (id === 'test-key-ed25519' ? { algorithm: 'ed25519', key } : undefined),
 *   })
 *   return new Response(keyId)
 * }
 * ```
 */
export async function verifyHttpMessageSignatures(
  request: Request | ResolvedRequest,
  options: VerifyHttpMessageSignaturesOptions,
): Promise<VerifiedHttpMessageSignatures> {
  const { now, maxSkewSeconds, maxBodyBytes } = settingsOf(options)
  const received = receive(id, request, options.url)
  const url = received.absoluteUrl()
  const claim = readClaim(received, options.label)
  checkCoverage(claim, options)
  checkTime(claim, now.getTime() / 1000, maxSkewSeconds, options.allowUndated ?? false)
  const key = await keyOf(claim, options)
  const digests = coveredDigests(claim, received)
  const body = digests ? await received.readBody(maxBodyBytes) : null
  const values = new RequestValues(received, url, options.fieldTypes ?? {})
  await checkSignature(
    claim,
    key,
    expectedBase(claim, (component) => values.valueOf(component)),
  )
  if (digests && body) await checkDigests(digests, body)
  // Last, so that a request that is refused for something else does not use a nonce up.
  await checkNonce(claim, options)
  return {
    keyId: keyIdOf(claim.values),
    label: claim.label,
    signedNames: claim.components.map(({ identifier }) => identifier),
    covers: coversOf(claim.components, digests !== undefined),
    body,
  }
}
