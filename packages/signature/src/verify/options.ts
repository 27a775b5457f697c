import type { ResolvedRequest, Secret } from '@ez/core'
import type { Covers, VerifierOptions } from '@ez/core/received'

/**
 * What the look-up of a verifier gives: the secret, some of them while they rotate, or an object with one value for
 * each option of the kinds secret and token; `undefined` for a key id that it does not know. Of a key pair it is the
 * public key: PEM, or base64 of its DER.
 */
export type VerifierSecret =
  | string
  | Secret
  | readonly (string | Secret)[]
  | Readonly<Record<string, string | Secret>>
  | undefined

/** Options of a verifier that was made of a description. */
export interface VerifySignatureOptions extends VerifierOptions {
  /** The secret of a key id; asked before anything costly is done. The id is empty where none is sent. */
  readonly secretFor: (keyId: string) => VerifierSecret | Promise<VerifierSecret>
  /** Options of the description that the request does not tell, such as a region; and those that it must tell so. */
  readonly options?: Readonly<Record<string, string | number | readonly string[]>>
  /** Names that the sender must have signed, of those that it tells: headers, `(request-target)`. */
  readonly requires?: readonly string[]
  /** Decides whether a nonce was used before; asked last. */
  readonly nonceSeen?: (nonce: string) => boolean | Promise<boolean>
}

/** What a right signature vouches for. */
export interface VerifiedSignature {
  /** The credentials that were sent, joined with a space; empty where none are. */
  readonly keyId: string
  /** What the signature answers for. */
  readonly covers: Covers
  /** The names of the signed headers, in lower case. */
  readonly signedNames: readonly string[]
  /** The body when it is covered, or its covered part; else `null`. */
  readonly body: Uint8Array | null
  /** When it was signed; `undefined` where no instant is sent. */
  readonly signedAt: Date | undefined
}

/** Verifies received requests by one description. */
export type VerifyRequest = (
  request: Request | ResolvedRequest,
  options: VerifySignatureOptions,
) => Promise<VerifiedSignature>
