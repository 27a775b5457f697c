import type { Secret } from '@ez/core'
import { type Covers, type VerifierSettings, verifierSettings } from '@ez/core/received'

/** What the look-up of a verifier gives for a key id; `undefined` for one that it does not know. */
export type VerifierSecret = string | Secret | undefined

/** Options of {@link verifyExampleScheme}. */
export interface VerifyExampleSchemeOptions {
  /** The secret of a key id. */
  readonly secretFor: (keyId: string) => VerifierSecret | Promise<VerifierSecret>
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that clocks may differ (default 300). */
  readonly maxSkewSeconds?: number
  /** What the client called, where a proxy changed it. */
  readonly url?: string
  /** Bytes of body to read at most (default 64 MiB). */
  readonly maxBodyBytes?: number
}

/** What a signature vouches for. */
export interface VerifiedExampleScheme {
  /** The key id that the request names. */
  readonly keyId: string
  /** What of the request the signature answers for. */
  readonly covers: Covers
  /** The body; `null` when the signature does not cover it. */
  readonly body: Uint8Array | null
}

/** The options with every default filled in. @throws EZ_OPTION_INVALID */
export function settingsOf(options: VerifyExampleSchemeOptions): VerifierSettings {
  return verifierSettings('verify example-scheme', options, {}, { maxSkewSeconds: 300 })
}
