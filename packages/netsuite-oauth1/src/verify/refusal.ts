import { type CommonRefusalCode, type Refusal, refusals } from '@ez/core/received'

type OwnCode = 'EZ_ALGORITHM_REFUSED' | 'EZ_BODY_MISMATCH' | 'EZ_NONCE_SEEN'

/** Why a request is refused; see {@link verifyOAuth1}. */
export type RefusalCode = CommonRefusalCode | OwnCode

export const refusal: Refusal<OwnCode> = /* @__PURE__ */ refusals<OwnCode>('verify oauth1')
