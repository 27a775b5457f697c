import { type CommonRefusalCode, type Refusal, refusals } from '@ez/core/received'

type OwnCode =
  | 'EZ_TOKEN_MISMATCH'
  | 'EZ_SCOPE_MISMATCH'
  | 'EZ_SIGNATURE_EXPIRED'
  | 'EZ_HEADER_UNSIGNED'
  | 'EZ_BODY_UNSIGNED'
  | 'EZ_BODY_MISMATCH'

/** Why a request is refused; see {@link verifyAwsSigV4}. */
export type RefusalCode = CommonRefusalCode | OwnCode

export const refusal: Refusal<OwnCode> = /* @__PURE__ */ refusals<OwnCode>('verify aws-sigv4')
