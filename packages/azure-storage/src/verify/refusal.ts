import { type CommonRefusalCode, type Refusal, refusals } from '@ez/core/received'

type OwnCode = 'EZ_SIGNATURE_EXPIRED' | 'EZ_SCOPE_MISMATCH' | 'EZ_BODY_MISMATCH'

/** Why a request is refused; see {@link verifyAzureStorage}. */
export type RefusalCode = CommonRefusalCode | OwnCode

export const refusal: Refusal<OwnCode> = /* @__PURE__ */ refusals<OwnCode>('verify azure-storage')
