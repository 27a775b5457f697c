import type { Signer } from '@ez/core'
import { createSigner } from './create-signer.ts'
import { diagnoseAwsSigV4 } from './diagnose.ts'
import type { AwsSigV4Options } from './options.ts'
import { presignWith } from './presign.ts'
import { hmacScheme } from './scheme.ts'
import { chunkedWith } from './streaming/payload.ts'
import { isChunked, resolveAllOptions } from './upload-options.ts'

/**
 * A signer for AWS Signature Version 4: header and presigned requests, chunked
 * uploads, any service, any region.
 *
 * Writes `x-amz-date`, `authorization` and, where they apply, `x-amz-content-sha256` and
 * `x-amz-security-token`; or the `X-Amz-…` query parameters. Trace stages: `canonical-request`,
 * `string-to-sign`, `signature`. It signs synchronously when credentials are a value and the platform
 * hashes synchronously.
 *
 * Source: AWS IAM User Guide, "AWS Signature Version 4 for API requests".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE,
 * EZ_URL_NOT_SENDABLE, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { awsSigV4 } from '@ez/aws-sigv4'
 *
 * const signer = awsSigV4({
 *   service: 'execute-api',
 *   region: 'us-east-1',
 *   credentials: {
 *     accessKeyId: 'AKIDEXAMPLE',
 *     secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
 *   },
 * })
 * ```
 */
export function awsSigV4(options: AwsSigV4Options): Signer {
  const settings = resolveAllOptions('aws-sigv4', options)
  const scheme = hmacScheme(settings)
  return createSigner('aws-sigv4', settings, scheme, {
    ...(settings.placement === 'query' ? { presign: presignWith(settings, scheme) } : {}),
    ...(isChunked(settings.payload) ? { chunked: chunkedWith(settings) } : {}),
    diagnose: diagnoseAwsSigV4,
  })
}
