import type { Signer } from '@ez/core'
import { type DescribedProvider, defineSignature, type OptionsOf } from '@ez/signature'
import { description } from './description.ts'

/** Options of `alibabaCloud`. */
export type AlibabaCloudOptions = OptionsOf<typeof description>

/** `use: '@ez/alibaba-cloud'` in a request file. */
export const provider: DescribedProvider<AlibabaCloudOptions, Signer> =
  /* @__PURE__ */ defineSignature(description)

/**
 * A signer for Alibaba Cloud (ACS3-HMAC-SHA256). Action and version are headers of the request: `x-acs-action`, `x-acs-version`.
 *
 * Source: Alibaba Cloud OpenAPI, "V3 request structure and signature".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_COMPONENT_MISSING,
 * EZ_CREDENTIAL_INVALID, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { alibabaCloud } from '@ez/alibaba-cloud'
 *
 * alibabaCloud({ accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' })
 * ```
 */
export function alibabaCloud(options: AlibabaCloudOptions): Signer {
  return provider.create(options)
}
