import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `akamaiEdgeGrid`. */
export type AkamaiEdgeGridOptions = OptionsOf<typeof description>

/** `use: '@ez/akamai-edgegrid'` in a request file. */
export const provider: DescribedProvider<AkamaiEdgeGridOptions, Signer> =
  /* @__PURE__ */ defineSignature(description)

/**
 * A signer for Akamai EdgeGrid. It signs the first bytes of a POST body, and no other body.
 *
 * Source: Akamai, "Authenticate with EdgeGrid".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { akamaiEdgeGrid } from '@ez/akamai-edgegrid'
 *
 * akamaiEdgeGrid({
 *   clientToken: 'akab-client-token-xxx-xxxxxxxxxxxxxxxx',
 *   accessToken: 'akab-access-token-xxx-xxxxxxxxxxxxxxxx',
 *   clientSecret: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=',
 * })
 * ```
 */
export function akamaiEdgeGrid(options: AkamaiEdgeGridOptions): Signer {
  return provider.create(options)
}
