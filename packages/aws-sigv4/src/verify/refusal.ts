import { EzError } from '@ez/core'

/** Why a request is refused; see {@link verifyAwsSigV4}. */
export type RefusalCode =
  | 'EZ_AUTHORIZATION_MISSING'
  | 'EZ_AUTHORIZATION_INVALID'
  | 'EZ_AUTHORIZATION_AMBIGUOUS'
  | 'EZ_KEY_UNKNOWN'
  | 'EZ_TOKEN_MISMATCH'
  | 'EZ_SCOPE_MISMATCH'
  | 'EZ_CLOCK_SKEW'
  | 'EZ_SIGNATURE_EXPIRED'
  | 'EZ_HEADER_UNSIGNED'
  | 'EZ_SIGNATURE_MISMATCH'
  | 'EZ_BODY_UNSIGNED'
  | 'EZ_BODY_MISMATCH'
  | 'EZ_BODY_INVALID'
  | 'EZ_BODY_TOO_LARGE'
  | 'EZ_REQUEST_INVALID'

export function refusal(code: RefusalCode, message: string, details?: Record<string, unknown>): EzError {
  return new EzError(code, `verify aws-sigv4: ${message}`, details ? { details } : {})
}
