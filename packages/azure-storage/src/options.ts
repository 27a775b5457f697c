import { checkOptions, EzError } from '@ez/core'
import type { CredentialSource } from './credentials.ts'

/** How a request is authorized: a signed header, or a shared access signature in the query. */
export type AzureStorageScheme = 'SharedKey' | 'SharedKeyLite' | 'AccountSAS' | 'ServiceSAS'

/** What a shared access signature allows, and for how long. */
export interface SasOptions {
  /** Letters in the order of the documentation: `r`, `rl`, `racwd`. */
  readonly permissions: string
  /** Seconds that the signature holds (default 900). */
  readonly expiresIn?: number
  /** Seconds from now at which it begins to hold; may be negative. Left out when not given. */
  readonly startsIn?: number
  /** Of `AccountSAS`: letters of `b` (Blob) and `q` (Queue) (default `bq`). */
  readonly services?: string
  /** Of `AccountSAS`: letters of `s` (service), `c` (container) and `o` (object) (default `sco`). */
  readonly resourceTypes?: string
  /** Of `ServiceSAS`: `blob` or `queue`, told from the host when left out. */
  readonly service?: 'blob' | 'queue'
  /** Of `ServiceSAS` for Blob: a container or a blob, told from the path when left out. */
  readonly resource?: 'container' | 'blob'
  /** Of `ServiceSAS`: name of a stored access policy. */
  readonly identifier?: string
  /** An address or a range, `168.1.5.60-168.1.5.70`. */
  readonly ip?: string
  /** `https`, or `https,http` (default `https`). */
  readonly protocol?: 'https' | 'https,http'
}

/** Options of {@link azureStorage}. */
export interface AzureStorageOptions {
  readonly credentials: CredentialSource
  /** Default `SharedKey`. */
  readonly scheme?: AzureStorageScheme
  /** Sent as `x-ms-version`, or as `sv` of a shared access signature (default `2023-11-03`). */
  readonly version?: string
  /** Needed by `AccountSAS` and `ServiceSAS`. */
  readonly sas?: SasOptions
}

/** The version of the API for which the strings to sign are written. */
export const defaultVersion = '2023-11-03'

const rules = {
  credentials: 'object|function',
  scheme: "'SharedKey'|'SharedKeyLite'|'AccountSAS'|'ServiceSAS'?",
  version: 'string?',
  sas: 'object?',
}

const sasRules = {
  permissions: 'string',
  expiresIn: 'number?',
  startsIn: 'number?',
  services: 'string?',
  resourceTypes: 'string?',
  service: "'blob'|'queue'?",
  resource: "'container'|'blob'?",
  identifier: 'string?',
  ip: 'string?',
  protocol: "'https'|'https,http'?",
}

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
    throw invalid(needsSas ? `sas is needed for ${scheme}` : `sas belongs to AccountSAS and ServiceSAS`)
  if (sas === undefined) return
  checkOptions('azure-storage', sas, sasRules)
  const { permissions, expiresIn = 900, startsIn = 0, services = 'b', resourceTypes = 's' } = sas
  if (!/^[a-z]+$/.test(permissions)) throw invalid('sas.permissions must be letters in lower case')
  if (!/^b?q?$/.test(services)) throw invalid('sas.services must be letters of "bq", in this order')
  if (!/^s?c?o?$/.test(resourceTypes))
    throw invalid('sas.resourceTypes must be letters of "sco", in this order')
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || !Number.isInteger(startsIn) || startsIn >= expiresIn)
    throw invalid('sas.expiresIn and startsIn must be whole seconds, and the end after the start')
  if (expiresIn > longest || Math.abs(startsIn) > longest)
    throw invalid('sas.expiresIn and startsIn must be less than 1,000 years')
}

function invalid(message: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `azure-storage: option ${message}.`)
}

const text = { type: 'string', minLength: 1 }

/** JSON Schema of the options that a request file can hold. */
export const optionsSchema: object = {
  type: 'object',
  required: ['credentials'],
  additionalProperties: false,
  properties: {
    credentials: {
      type: 'object',
      required: ['accountName', 'accountKey'],
      additionalProperties: false,
      properties: { accountName: text, accountKey: { ...text, description: 'In base64' } },
    },
    scheme: { enum: ['SharedKey', 'SharedKeyLite', 'AccountSAS', 'ServiceSAS'], default: 'SharedKey' },
    version: { ...text, default: defaultVersion },
    sas: {
      type: 'object',
      required: ['permissions'],
      additionalProperties: false,
      properties: {
        permissions: text,
        expiresIn: { type: 'integer', minimum: 1, default: 900, description: 'Seconds' },
        startsIn: { type: 'integer', description: 'Seconds' },
        services: { ...text, default: 'bq' },
        resourceTypes: { ...text, default: 'sco' },
        service: { enum: ['blob', 'queue'] },
        resource: { enum: ['container', 'blob'] },
        identifier: text,
        ip: text,
        protocol: { enum: ['https', 'https,http'], default: 'https' },
      },
    },
  },
}
