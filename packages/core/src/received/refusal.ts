import { EzError } from '../base/error.ts'

/** Codes with which verifiers refuse, whatever their scheme. */
export type CommonRefusalCode =
  | 'EZ_AUTHORIZATION_MISSING'
  | 'EZ_AUTHORIZATION_INVALID'
  | 'EZ_AUTHORIZATION_AMBIGUOUS'
  | 'EZ_KEY_UNKNOWN'
  | 'EZ_CLOCK_SKEW'
  | 'EZ_SIGNATURE_MISMATCH'
  | 'EZ_BODY_INVALID'
  | 'EZ_BODY_TOO_LARGE'
  | 'EZ_REQUEST_INVALID'

/** What a refusal says to programs; see {@link refusals}. */
export interface RefusalDetails {
  /** Of EZ_CLOCK_SKEW: milliseconds to add to the caller's clock, positive when it is behind the server's. */
  readonly clockOffsetMs?: number
  /** Of EZ_SIGNATURE_MISMATCH: what the server computed, by the ids that the stages have in a trace; no secrets. */
  readonly stages?: Readonly<Record<string, string>>
  readonly [name: string]: unknown
}

/** Makes the error of a refusal. */
export type Refusal<Code extends string = never> = (
  code: CommonRefusalCode | Code,
  message: string,
  details?: RefusalDetails,
) => EzError

/**
 * The refusals of one verifier: coded errors whose messages begin with its name.
 *
 * @param verifier stands in front of messages, such as `verify my-scheme`
 *
 * @example
 * ```ts
 * import { refusals } from '@ez/core/received'
 *
 * const refusal = refusals<'EZ_NONCE_SEEN'>('verify my-scheme')
 * const error = refusal('EZ_NONCE_SEEN', 'the nonce was used before. Sign each attempt anew.')
 * ```
 */
export function refusals<Code extends string = never>(verifier: string): Refusal<Code> {
  return (code, message, details) =>
    new EzError(code, `${verifier}: ${message}`, details ? { details: { ...details } } : {})
}
