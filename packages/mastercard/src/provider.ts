import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `mastercard`. */
export type MastercardOptions = OptionsOf<typeof description>

/** `use: '@ez/mastercard'` in a request file. */
export const provider: DescribedProvider<MastercardOptions, Signer> =
  /* @__PURE__ */ defineSignature(description)

/**
 * A signer for Mastercard's APIs.
 *
 * Source: Mastercard, "Using OAuth 1.0a to access Mastercard APIs"; mastercard-oauth1-signer 1.2.0.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { mastercard } from '@ez/mastercard'
 *
 * mastercard({ consumerKey: 'abc!def', privateKey: '-----BEGIN PRIVATE KEY-----…' })
 * ```
 */
export function mastercard(options: MastercardOptions): Signer {
  return provider.create(options)
}
