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
  readonly region: string
  readonly service: string
  /** `date/region/service/aws4_request`. */
  readonly text: string
}

/** @throws EZ_CLOCK_INVALID for what is no instant from 1970 to 9999, in milliseconds */
export function checkInstant(instant: number): void {
  if (!(instant >= 0 && instant < 253_402_300_800_000))
    throw new EzError('EZ_CLOCK_INVALID', 'aws-sigv4: the clock gives no instant from 1970 to 9999.')
}

/** `YYYYMMDD` of a number of days since 1970, in UTC. */
export function formatDay(day: number): string {
  const date = new Date(day * 86_400_000)
  return String(date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate())
}

/** `THHMMSSZ` of a second of the day, from 0 to 86399. */
export function formatTime(second: number): string {
  const hour = Math.floor(second / 3600)
  const minute = Math.floor(second / 60) % 60
  // The leading 1 keeps the zeros.
  return `T${String(1_000_000 + hour * 10_000 + minute * 100 + (second % 60)).slice(1)}Z`
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
  const time = instant instanceof Date ? instant.getTime() : Number.NaN
  checkInstant(time)
  const seconds = Math.floor(time / 1000)
  const day = Math.floor(seconds / 86_400)
  const date = formatDay(day)
  return {
    amzDate: date + formatTime(seconds - day * 86_400),
    date,
    region,
    service,
    text: `${date}/${region}/${service}/aws4_request`,
  }
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
