import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `tencentCloud`. */
export type TencentCloudOptions = OptionsOf<typeof description>

/** `use: '@ez/tencent-cloud'` in a request file. */
export const provider: DescribedProvider<TencentCloudOptions, Signer> =
  /* @__PURE__ */ defineSignature(description)

/**
 * A signer for Tencent Cloud (TC3-HMAC-SHA256). Action, version and region are headers of the request: `x-tc-action`, `x-tc-version`, `x-tc-region`.
 *
 * Source: Tencent Cloud API 3.0, "Signature v3".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { tencentCloud } from '@ez/tencent-cloud'
 *
 * tencentCloud({ secretId: 'AKIDEXAMPLE', secretKey: 'example-secret-key', service: 'cvm' })
 * ```
 */
export function tencentCloud(options: TencentCloudOptions): Signer {
  return provider.create(options)
}
