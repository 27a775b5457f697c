import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `cavageSignatures`. */
export type CavageSignaturesOptions = OptionsOf<typeof description>

/** `use: '@ez/cavage-signatures'` in a request file. */
export const provider: DescribedProvider<CavageSignaturesOptions, Signer> =
  /* @__PURE__ */ defineSignature(description)

/**
 * A signer for HTTP signatures as the draft has them, and ActivityPub uses them.
 *
 * Source: draft-cavage-http-signatures-12.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { cavageSignatures } from '@ez/cavage-signatures'
 *
 * cavageSignatures({ keyId: 'https://social.example/actor#main-key', key: '-----BEGIN PRIVATE KEY-----…' })
 * ```
 */
export function cavageSignatures(options: CavageSignaturesOptions): Signer {
  return provider.create(options)
}
