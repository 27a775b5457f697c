import type { Secret } from '@ez/core'
import { type Covers, type VerifierSettings, verifierSettings } from '@ez/core/received'
import type { AzureStorageScheme } from '../options.ts'
import type { StorageService } from '../target.ts'

/** The keys of an account, in base64: one, or both; `undefined` for an account that is not known. */
export type VerifierSecret = string | Secret | readonly (string | Secret)[] | undefined

/** Who may have signed with which user delegation key: the parameters of a link that name it. */
export interface UserDelegation {
  /** `skoid`, the object ID. */
  readonly objectId: string
  /** `sktid`, the tenant ID. */
  readonly tenantId: string
  /** `skt`, an ISO instant. */
  readonly startsOn: string
  /** `ske`, an ISO instant. */
  readonly expiresOn: string
  /** `sks`. */
  readonly service: string
  /** `skv`. */
  readonly version: string
}

/** A stored access policy: what it says, a link under it need not say. */
export interface StoredAccessPolicy {
  /** Letters: `rl`. */
  readonly permissions?: string
  /** From when it holds. */
  readonly startsOn?: Date
  /** Until when it holds. */
  readonly expiresOn?: Date
}

/** Options of {@link verifyAzureStorage}. */
export interface VerifyAzureStorageOptions {
  /** The keys of an account; for a user delegation SAS the key that `delegation` names. */
  readonly secretFor: (
    accountName: string,
    delegation?: UserDelegation,
  ) => VerifierSecret | Promise<VerifierSecret>
  /** Whose resources are served: needed for shared access signatures, which do not name the account. */
  readonly accountName?: string
  /** Which service is served: told from the host when left out, and `blob` where the host does not tell. */
  readonly service?: StorageService
  /** The stored access policy of a name; without this the name is given back, for you to look up. */
  readonly policyFor?: (
    identifier: string,
    resource: string,
  ) => StoredAccessPolicy | undefined | Promise<StoredAccessPolicy | undefined>
  /** The IPv4 address that the request came from, held against `sip`; without it the range is given back. */
  readonly clientAddress?: string
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that clocks may differ (default 900). */
  readonly maxSkewSeconds?: number
  /** What the client called, where a proxy changed it. */
  readonly url?: string
  /** Bytes of body to read at most (default 64 MiB). */
  readonly maxBodyBytes?: number
}

/** What a shared access signature says; every field is signed. */
export interface VerifiedSas {
  /** Letters, `rl`; with `policyFor` those of the stored access policy where the link has none. */
  readonly permissions: string
  /** The container, blob, directory, queue or table, as it is signed: `/blob/account/container/name`; of accounts none. */
  readonly resource: string | undefined
  /** `sr`: `b`, `bs`, `bv`, `c`, `d`; empty for queues, tables and accounts. */
  readonly resourceKind: string
  /** The snapshot or version, for `bs` and `bv`. */
  readonly instant: string | undefined
  /** From when it holds. */
  readonly startsOn: Date | undefined
  /** Until when it holds; `undefined` under a stored access policy that was not looked up. */
  readonly expiresOn: Date | undefined
  /** Name of the stored access policy. Without `policyFor`, look up whether it still stands. */
  readonly identifier: string | undefined
  /** Addresses that it holds for; compared when `clientAddress` is given. */
  readonly ip: string | undefined
  /** `https` or `https,http`; compared with the URL. */
  readonly protocol: string | undefined
  /** Of accounts: the services, compared where host or `service` tells. */
  readonly services: string | undefined
  /** Of accounts: `s`, `c`, `o`; compared for blobs and queues. */
  readonly resourceTypes: string | undefined
  /** The encryption scope that writes must use. */
  readonly encryptionScope: string | undefined
  /** Of tables: the first and last keys that it reaches, `spk`, `srk`, `epk`, `erk`. */
  readonly keyRange: Readonly<Record<string, string>>
  /** Headers that the response must have, by name. */
  readonly responseHeaders: Readonly<Record<string, string>>
}

/** What a signature vouches for. */
export interface VerifiedAzureStorage {
  /** The account. */
  readonly keyId: string
  /** Which scheme the request was signed by. */
  readonly scheme: Exclude<AzureStorageScheme, 'Bearer'>
  /** What the signature covers, by name; see also `covers`. */
  readonly signedNames: readonly string[]
  /** What the signature covers. */
  readonly covers: Covers
  /** What a shared access signature allows; empty for Shared Key, which allows everything. */
  readonly permissions: string
  /** What a shared access signature says; `undefined` for Shared Key. */
  readonly sas: VerifiedSas | undefined
  /** The body, when the signature covers it: Shared Key with a `content-md5`, which was compared. */
  readonly body: Uint8Array | null
}

const rules = {
  accountName: 'string?',
  service: "'blob'|'queue'|'table'|'file'?",
  policyFor: 'function?',
  clientAddress: 'string?',
}

/** The options with every default filled in. @throws EZ_OPTION_INVALID */
export function settingsOf(options: VerifyAzureStorageOptions): VerifierSettings {
  return verifierSettings('verify azure-storage', options, rules, { maxSkewSeconds: 900 })
}
