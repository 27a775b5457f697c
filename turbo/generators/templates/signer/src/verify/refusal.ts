import { type CommonRefusalCode, type Refusal, refusals } from '@ez/core/received'

/** Why a request is refused. */
export type RefusalCode = CommonRefusalCode | 'EZ_SIGNATURE_EXPIRED'

export const refusal: Refusal<'EZ_SIGNATURE_EXPIRED'> = /* @__PURE__ */ refusals<'EZ_SIGNATURE_EXPIRED'>('verify example-scheme')
