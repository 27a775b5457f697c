import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `kraken`. */
export type KrakenOptions = OptionsOf<typeof description>

/** `use: '@ez/kraken'` in a request file. */
export const provider: DescribedProvider<KrakenOptions, Signer> = /* @__PURE__ */ defineSignature(description)

/**
 * A signer for Kraken's private endpoints. It adds the nonce to the form body.
 *
 * Source: Kraken, "Spot REST authentication".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { kraken } from '@ez/kraken'
 *
 * kraken({ apiKey: 'key', apiSecret: 'c2VjcmV0IG9mIGFuIGV4YW1wbGU=' })
 * ```
 */
export function kraken(options: KrakenOptions): Signer {
  return provider.create(options)
}
