import { EzError } from '@ez/core'

/** Why a request is refused. */
export type RefusalCode =
  | 'EZ_AUTHORIZATION_MISSING'
  | 'EZ_AUTHORIZATION_INVALID'
  | 'EZ_AUTHORIZATION_AMBIGUOUS'
  | 'EZ_KEY_UNKNOWN'
  | 'EZ_TOKEN_MISMATCH'
  | 'EZ_SCOPE_MISMATCH'
  | 'EZ_CLOCK_SKEW'
  | 'EZ_SIGNATURE_EXPIRED'
  | 'EZ_SIGNATURE_MISMATCH'
  | 'EZ_HEADER_UNSIGNED'
  | 'EZ_NONCE_SEEN'
  | 'EZ_BODY_MISMATCH'
  | 'EZ_BODY_INVALID'
  | 'EZ_BODY_TOO_LARGE'
  | 'EZ_BODY_UNSIGNABLE'
  | 'EZ_BRANCH_MISSING'
  | 'EZ_COMPONENT_MISSING'
  | 'EZ_REQUEST_INVALID'

export const refusal = (
  code: RefusalCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): EzError => new EzError(code, `verify signature: ${message}.`, { details })

export const unreadable = (problem: string): EzError => refusal('EZ_AUTHORIZATION_INVALID', problem)

export const ambiguous = (problem: string): EzError => refusal('EZ_AUTHORIZATION_AMBIGUOUS', problem)
