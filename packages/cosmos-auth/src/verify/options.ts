import type { Secret } from '@ez/core'
import { type Covers, type VerifierSettings, verifierSettings } from '@ez/core/received'

/** The master keys of an account, in base64: one, or the primary and the secondary. */
export type VerifierSecret = string | Secret | readonly (string | Secret)[] | undefined

/** Options of `verifyCosmosAuth`. */
export interface VerifyCosmosAuthOptions {
  /** The keys of an account, which is named by the host of the URL; `undefined` when it is unknown. */
  readonly secretFor: (keyId: string) => VerifierSecret | Promise<VerifierSecret>
  /** Decides on resource and Entra tokens, which are not signatures of the request; default: none is accepted. */
  readonly tokenAccepted?: (kind: 'resource' | 'aad', token: string) => boolean | Promise<boolean>
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that the date may lie back (default 900). */
  readonly maxSkewSeconds?: number
  /** Seconds that the date may lie ahead (default 300). */
  readonly maxAheadSeconds?: number
  /** What the client called, when a proxy changed it. */
  readonly url?: string
  /** Bytes, as every verifier takes it; without effect, since this one reads no body. */
  readonly maxBodyBytes?: number
}

/** What a right authorization proves. */
export interface VerifiedCosmosAuth {
  /** The host of the account. */
  readonly keyId: string
  /**
   * How the request is authorized: signed with the account's key, by a resource token, or by a token of Microsoft
   * Entra ID.
   */
  readonly kind: 'master' | 'resource' | 'aad'
  /** What the signature covers; empty for tokens. */
  readonly signedNames: readonly string[]
  /** What the signature covers. A link by RID is signed in lower case and without what holds it: `path` is false. */
  readonly covers: Covers
  /** Type and link as they are signed: what the request may act on. `undefined` for tokens. */
  readonly resource: { readonly type: string; readonly link: string } | undefined
  /** Always `null`: the scheme never signs a body. */
  readonly body: null
}

const rules = {
  tokenAccepted: 'function?',
  maxAheadSeconds: 'number?',
}

/** The options with every default filled in. @throws EZ_OPTION_INVALID */
export function settingsOf(options: VerifyCosmosAuthOptions): VerifierSettings {
  return verifierSettings('verify cosmos-auth', options, rules, { maxSkewSeconds: 900 })
}
