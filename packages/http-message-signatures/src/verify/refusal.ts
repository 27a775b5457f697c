import { type CommonRefusalCode, type Refusal, refusals } from '@ez/core/received'

type OwnCode = 'EZ_SIGNATURE_EXPIRED' | 'EZ_COMPONENT_UNSIGNED' | 'EZ_NONCE_SEEN' | 'EZ_BODY_MISMATCH'

/** Why a request is refused; see {@link verifyHttpMessageSignatures}. */
export type RefusalCode = CommonRefusalCode | OwnCode

export const refusal: Refusal<OwnCode> = /* @__PURE__ */ refusals<OwnCode>('verify http-message-signatures')
