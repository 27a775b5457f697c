import { EzError } from '@ez/core'

/** Why a request is refused. */
export type RefusalCode =
  | 'EZ_AUTHORIZATION_MISSING'
  | 'EZ_AUTHORIZATION_INVALID'
  | 'EZ_AUTHORIZATION_AMBIGUOUS'
  | 'EZ_KEY_UNKNOWN'
  | 'EZ_CLOCK_SKEW'
  | 'EZ_SIGNATURE_EXPIRED'
  | 'EZ_SIGNATURE_MISMATCH'
  | 'EZ_BODY_INVALID'
  | 'EZ_BODY_TOO_LARGE'
  | 'EZ_REQUEST_INVALID'

export function refusal(code: RefusalCode, message: string, details?: Record<string, unknown>): EzError {
  return new EzError(code, `verify azure-storage: ${message}`, details ? { details } : {})
}
