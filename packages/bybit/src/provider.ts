import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `bybit`. */
export type BybitOptions = OptionsOf<typeof description>

/** `use: '@ez/bybit'` in a request file. */
export const provider: DescribedProvider<BybitOptions, Signer> = /* @__PURE__ */ defineSignature(description)

/**
 * A signer for Bybit's V5 API.
 *
 * Source: Bybit, "Integration guidance", authentication.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { bybit } from '@ez/bybit'
 *
 * bybit({ apiKey: 'key', apiSecret: 'example-secret' })
 * ```
 */
export function bybit(options: BybitOptions): Signer {
  return provider.create(options)
}
