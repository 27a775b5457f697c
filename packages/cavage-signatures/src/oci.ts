import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { oci } from './description.ts'

/** Options of `ociSignatures`. */
export type OciSignaturesOptions = OptionsOf<typeof oci>

/** `use: '@ez/cavage-signatures/oci'` in a request file. */
export const provider: DescribedProvider<OciSignaturesOptions, Signer> = /* @__PURE__ */ defineSignature(oci)

/**
 * A signer for Oracle Cloud Infrastructure.
 *
 * Source: Oracle, "Request Signatures".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { ociSignatures } from '@ez/cavage-signatures/oci'
 *
 * ociSignatures({ keyId: 'ocid1.tenancy…/ocid1.user…/20:3b:97', privateKey: '-----BEGIN PRIVATE KEY-----…' })
 * ```
 */
export function ociSignatures(options: OciSignaturesOptions): Signer {
  return provider.create(options)
}
