import { type CommonRefusalCode, type Refusal, refusals } from '@ez/core/received'

/** Why a request is refused; see {@link verifyCosmosAuth}. */
export type RefusalCode = CommonRefusalCode

export const refusal: Refusal = /* @__PURE__ */ refusals('verify cosmos-auth')
