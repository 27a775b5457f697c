import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `exampleScheme`. */
export type ExampleSchemeOptions = OptionsOf<typeof description>

/** `use: '@ez/example-scheme'` in a request file. */
export const provider: DescribedProvider<ExampleSchemeOptions, Signer> = /* @__PURE__ */ defineSignature(description)

/**
 * A signer for ExampleScheme.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_BRANCH_MISSING, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { exampleScheme } from '@ez/example-scheme'
 *
 * exampleScheme(EXAMPLE_OPTIONS)
 * ```
 */
export function exampleScheme(options: ExampleSchemeOptions): Signer {
  return provider.create(options)
}
