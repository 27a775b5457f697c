import { checkOptions, EzError } from '@ez/core'
import type { CredentialSource } from './credentials.ts'
import { inOrder } from './sas/permissions.ts'
import type { StorageService } from './target.ts'

/** How a request is authorized: a signed header, a shared access signature in the query, or an Entra token. */
export type AzureStorageScheme =
  | 'SharedKey'
  | 'SharedKeyLite'
  | 'AccountSAS'
  | 'ServiceSAS'
  | 'UserDelegationSAS'
  | 'Bearer'

/** What a shared access signature allows, and for how long. */
export interface SasOptions {
  /** Letters: `r`, `rl`, `racwd`; in any order. May be left out under a stored access policy. */
  readonly permissions?: string
  /** Seconds that the signature holds (default 900; under a stored access policy the policy's). */
  readonly expiresIn?: number
  /** Seconds from now at which it begins to hold; may be negative. Left out when not given. */
  readonly startsIn?: number
  /** Of `AccountSAS`: letters of `b` (Blob), `q` (Queue), `t` (Table) and `f` (File) (default `bq`). */
  readonly services?: string
  /** Of `AccountSAS`: letters of `s` (service), `c` (container) and `o` (object) (default `sco`). */
  readonly resourceTypes?: string
  /** Of `ServiceSAS`: `blob`, `queue` or `table`, told from the host when left out. */
  readonly service?: 'blob' | 'queue' | 'table'
  /**
   * Of a SAS for blobs: told from the path when left out, as a container or a blob. A blob whose URL has `snapshot` or
   * `versionid` is that snapshot or version.
   */
  readonly resource?: 'container' | 'blob' | 'directory'
  /** With `resource: 'directory'`: which one, when it is not the whole path of the URL. */
  readonly directory?: string
  /** Of `ServiceSAS`: name of a stored access policy. */
  readonly identifier?: string
  /** An address or a range, `168.1.5.60-168.1.5.70`. */
  readonly ip?: string
  /** `https`, or `https,http` (default `https`). */
  readonly protocol?: 'https' | 'https,http'
  /** The encryption scope that writes must use. */
  readonly encryptionScope?: string
  /** Of a SAS for blobs: headers that the response will have. */
  readonly responseHeaders?: {
    readonly cacheControl?: string
    readonly contentDisposition?: string
    readonly contentEncoding?: string
    readonly contentLanguage?: string
    readonly contentType?: string
  }
  /** Of a SAS for tables: the first partition key that it reaches. */
  readonly startPartitionKey?: string
  /** Of a SAS for tables: the first row key that it reaches. */
  readonly startRowKey?: string
  /** Of a SAS for tables: the last partition key that it reaches. */
  readonly endPartitionKey?: string
  /** Of a SAS for tables: the last row key that it reaches. */
  readonly endRowKey?: string
}

/** Options of {@link azureStorage}. */
export interface AzureStorageOptions {
  /** Account name and key, or what gives them for each request. */
  readonly credentials: CredentialSource
  /** Default `SharedKey`. */
  readonly scheme?: AzureStorageScheme
  /** Sent as `x-ms-version`, or as `sv` of a shared access signature (default `2023-11-03`). */
  readonly version?: string
  /**
   * Whose string to sign is written: told from the host when left out, and `blob` where the host does not tell. Give
   * `table` for a table behind a domain of your own.
   */
  readonly service?: StorageService
  /** Needed by `AccountSAS`, `ServiceSAS` and `UserDelegationSAS`. */
  readonly sas?: SasOptions
}

/** The version of the API for which the strings to sign are written. */
export const defaultVersion = '2023-11-03'

const rules = {
  credentials: 'object|function',
  scheme: "'SharedKey'|'SharedKeyLite'|'AccountSAS'|'ServiceSAS'|'UserDelegationSAS'|'Bearer'?",
  version: 'string?',
  service: "'blob'|'queue'|'table'|'file'?",
  sas: 'object?',
}

const sasRules = {
  permissions: 'string?',
  expiresIn: 'number?',
  startsIn: 'number?',
  services: 'string?',
  resourceTypes: 'string?',
  service: "'blob'|'queue'|'table'?",
  resource: "'container'|'blob'|'directory'?",
  directory: 'string?',
  identifier: 'string?',
  ip: 'string?',
  protocol: "'https'|'https,http'?",
  encryptionScope: 'string?',
  responseHeaders: 'object?',
  startPartitionKey: 'string?',
  startRowKey: 'string?',
  endPartitionKey: 'string?',
  endRowKey: 'string?',
}

const responseHeaderRules = {
  cacheControl: 'string?',
  contentDisposition: 'string?',
  contentEncoding: 'string?',
  contentLanguage: 'string?',
  contentType: 'string?',
}

const ofAccounts = ['services', 'resourceTypes'] as const
const ofAll: readonly string[] = ['permissions', 'expiresIn', 'startsIn', 'ip', 'protocol', 'encryptionScope']

// From then on a length of zero is signed as nothing, and shared access signatures have the fields signed here.
const firstVersions = { key: '2015-02-21', sas: '2020-12-06' }

// Seconds; a date has a year of four digits.
const longest = 31_556_952_000

/** @throws EZ_OPTION_INVALID */
export function checkAzureStorageOptions(options: AzureStorageOptions): void {
  checkOptions('azure-storage', options, rules)
  const { scheme = 'SharedKey', version = defaultVersion, sas } = options
  const needsSas = scheme.endsWith('SAS')
  const firstVersion = firstVersions[needsSas ? 'sas' : 'key']
  if (!/^\d{4}-\d\d-\d\d$/.test(version) || version < firstVersion)
    throw invalid(`version must be a date from ${firstVersion}`)
  if (needsSas !== (sas !== undefined))
    throw invalid(
      needsSas
        ? `sas is needed for ${scheme}`
        : 'sas belongs to AccountSAS, ServiceSAS and UserDelegationSAS',
    )
  if (sas !== undefined) checkSas(scheme, sas)
}

function checkSas(scheme: AzureStorageScheme, sas: SasOptions): void {
  checkOptions('azure-storage', sas, sasRules)
  checkOptions('azure-storage', sas.responseHeaders ?? {}, responseHeaderRules)
  const isAccount = scheme === 'AccountSAS'
  for (const name of Object.keys(sas) as (keyof SasOptions)[]) {
    const fits = ofAll.includes(name) || isAccount === (ofAccounts as readonly string[]).includes(name)
    if (sas[name] !== undefined && !fits) throw invalid(`sas.${name} is not for ${scheme}`)
  }
  const {
    permissions = '',
    identifier,
    expiresIn = 900,
    startsIn = 0,
    services = 'b',
    resourceTypes = 's',
  } = sas
  if (permissions === '' && identifier === undefined)
    throw invalid('sas.permissions is required, unless sas.identifier names a stored access policy')
  if (!/^[a-z]*$/.test(permissions)) throw invalid('sas.permissions must be letters in lower case')
  inOrder('sas.services', 'services', services)
  inOrder('sas.resourceTypes', 'resourceTypes', resourceTypes)
  if (isAccount) inOrder('sas.permissions', 'account', permissions)
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || !Number.isInteger(startsIn) || startsIn >= expiresIn)
    throw invalid('sas.expiresIn and startsIn must be whole seconds, and the end after the start')
  if (expiresIn > longest || Math.abs(startsIn) > longest)
    throw invalid('sas.expiresIn and startsIn must be less than 1,000 years')
}

function invalid(message: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `azure-storage: option ${message}.`)
}
