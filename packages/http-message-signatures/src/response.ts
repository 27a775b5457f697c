/**
 * Signatures of responses (RFC 9421 sections 2.2.9 and 2.4).
 *
 * @module
 */
export type { SignHttpResponseContext, UnsignedResponse } from './response/sign.ts'
export { signHttpResponse } from './response/sign.ts'
export type { VerifiedHttpResponse, VerifyHttpResponseOptions } from './response/verify.ts'
export { verifyHttpResponse } from './response/verify.ts'
export type { SignedMessage } from './sign-message.ts'
