/**
 * For verifiers: how a received request is read, and what all of them check of their options. Nothing here puts a
 * request into canonical form, so that a verifier cannot share a mistake with a signer.
 *
 * @module
 */
export { askOption } from './received/ask.ts'
export type { Covers } from './received/covers.ts'
export { type ReceivedRequest, receive, receiveWhole, type WholeRequest } from './received/receive.ts'
export { type CommonRefusalCode, type Refusal, type RefusalDetails, refusals } from './received/refusal.ts'
export { isUsableSecret } from './received/secret.ts'
export {
  type VerifierDefaults,
  type VerifierOptions,
  type VerifierSettings,
  verifierSettings,
} from './received/settings.ts'
