import { EzError } from '@ez/core'
import { hash, sha256 } from '@ez/core/crypto'

/** The algorithm name that stands in credentials and strings to sign. */
export const algorithm = 'AWS4-HMAC-SHA256'

/** When, where and for what a signature holds. */
export interface SigningScope {
  /** `YYYYMMDDTHHMMSSZ`, the value of `x-amz-date`. */
  readonly amzDate: string
  /** `YYYYMMDD`. */
  readonly date: string
  /** Region of the credential scope, such as `us-east-1`; empty in scopes of SigV4a. */
  readonly region: string
  /** Signing name of the service, such as `s3`. */
  readonly service: string
  /** `date/region/service/aws4_request`. */
  readonly text: string
}

/**
 * `YYYYMMDDTHHMMSSZ` of an instant in milliseconds since 1970.
 *
 * @throws EZ_CLOCK_INVALID for what is no instant from 1970 to 9999
 */
export function formatInstant(instant: number): string {
  if (!(instant >= 0 && instant < 253_402_300_800_000))
    throw new EzError('EZ_CLOCK_INVALID', 'aws-sigv4: the clock gives no instant from 1970 to 9999.')
  return new Date(instant).toISOString().replace(/[:-]|\.\d+/g, '')
}

/**
 * The scope of a signature at an instant.
 *
 * @throws EZ_CLOCK_INVALID for what is no instant from 1970 to 9999
 *
 * @example
 * ```ts
 * import { createSigningScope } from '@ez/aws-sigv4'
 *
 * createSigningScope(new Date('2015-08-30T12:36:00Z'), 'us-east-1', 'iam').text // '20150830/us-east-1/iam/aws4_request'
 * ```
 */
export function createSigningScope(instant: Date, region: string, service: string): SigningScope {
  const amzDate = formatInstant(instant instanceof Date ? instant.getTime() : Number.NaN)
  const date = amzDate.slice(0, 8)
  return { amzDate, date, region, service, text: `${date}/${region}/${service}/aws4_request` }
}

/**
 * The string to sign: algorithm, instant, scope and the hex SHA-256 of the canonical request, one per line.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", step 3.
 *
 * @example
 * ```ts
 * import { createSigningScope, createStringToSign } from '@ez/aws-sigv4'
 *
 * const scope = createSigningScope(new Date('2015-08-30T12:36:00Z'), 'us-east-1', 'iam')
 * const stringToSign = createStringToSign('GET\n/\n…', scope)
 * ```
 */
export function createStringToSign(
  canonicalRequest: string,
  scope: SigningScope,
  algorithmName: string = algorithm,
): string {
  return `${algorithmName}\n${scope.amzDate}\n${scope.text}\n${hash(sha256, canonicalRequest, 'hex')}`
}
