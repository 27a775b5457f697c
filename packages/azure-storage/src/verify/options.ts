import type { Secret } from '@ez/core'
import { type VerifierSettings, verifierSettings } from '@ez/core/received'
import type { AzureStorageScheme } from '../options.ts'

/** The keys of an account, in base64: one, or both; `undefined` for an account that is not known. */
export type VerifierSecret = string | Secret | readonly (string | Secret)[] | undefined

/** Options of {@link verifyAzureStorage}. */
export interface VerifyAzureStorageOptions {
  /** The keys of an account. */
  readonly secretFor: (accountName: string) => VerifierSecret | Promise<VerifierSecret>
  /** Whose resources are served: needed for shared access signatures, which do not name the account. */
  readonly accountName?: string
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that clocks may differ (default 900). */
  readonly maxSkewSeconds?: number
  /** What the client called, where a proxy changed it. */
  readonly url?: string
  /** Bytes of body to read at most (default 64 MiB). */
  readonly maxBodyBytes?: number
}

/** What a signature vouches for. */
export interface VerifiedAzureStorage {
  /** The account. */
  readonly keyId: string
  readonly scheme: AzureStorageScheme
  /** What the signature covers. */
  readonly signedNames: readonly string[]
  /** What a shared access signature allows; empty for Shared Key, which allows everything. */
  readonly permissions: string
  /** The body as it came: the scheme signs its length only. */
  readonly body: Uint8Array
}

const rules = {
  accountName: 'string?',
}

/** The options with every default filled in. @throws EZ_OPTION_INVALID */
export function settingsOf(options: VerifyAzureStorageOptions): VerifierSettings {
  return verifierSettings('verify azure-storage', options, rules, { maxSkewSeconds: 900 })
}
