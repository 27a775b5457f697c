import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { cyberSource } from './description.ts'

/** Options of `cyberSourceSignatures`. */
export type CyberSourceSignaturesOptions = OptionsOf<typeof cyberSource>

/** `use: '@ez/cavage-signatures/cybersource'` in a request file. */
export const provider: DescribedProvider<CyberSourceSignaturesOptions, Signer> =
  /* @__PURE__ */ defineSignature(cyberSource)

/**
 * A signer for CyberSource.
 *
 * Source: CyberSource, "HTTP signature authentication".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { cyberSourceSignatures } from '@ez/cavage-signatures/cybersource'
 *
 * cyberSourceSignatures({ merchantId: 'testrest', keyId: '08c94330', sharedSecret: 'c2VjcmV0IG9mIGFuIGV4YW1wbGU=' })
 * ```
 */
export function cyberSourceSignatures(options: CyberSourceSignaturesOptions): Signer {
  return provider.create(options)
}
