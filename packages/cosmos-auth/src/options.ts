import { checkOptions, EzError, type OptionRule, reveal, type Secret, type SignContext } from '@ez/core'
import { fromBase64 } from '@ez/core/crypto'

/** One of the three ways to authorize; exactly one of the fields. */
export interface CosmosCredentials {
  /** The account's key, in base64 as the portal shows it. */
  readonly masterKey?: string | Secret
  /** `_token` of a permission, as the service returned it. */
  readonly resourceToken?: string | Secret
  /** A Microsoft Entra access token for the account. */
  readonly aadToken?: string | Secret
}

/** Options of `cosmosAuth`. */
export interface CosmosAuthOptions extends CosmosCredentials {
  /** In place of the three fields: the credentials of each request, for rotation and tokens that expire. */
  readonly credentials?: (context: SignContext) => CosmosCredentials | Promise<CosmosCredentials>
  /** `dbs`, `colls`, `docs`, …; derived from the URL when left out. May be empty, for the account itself. */
  readonly resourceType?: string
  /**
   * Link of the resource, or of its parent for feeds, creation and queries: `dbs/Shop/colls/Orders`, or a
   * RID. Not percent-encoded. Derived from the URL when left out.
   */
  readonly resourceLink?: string
  /** Whether links hold names (case kept) or RIDs (lower-cased); told from the link when left out. */
  readonly linkBy?: 'name' | 'rid'
  /** Sent as `x-ms-version` (default `2020-07-15`); `null` leaves the request's own header alone. */
  readonly version?: string | null
}

/** The names of the credentials. */
export const fields = ['masterKey', 'resourceToken', 'aadToken'] as const

const behaviourRules: Readonly<Record<string, OptionRule>> = {
  resourceType: 'text?',
  resourceLink: 'text?',
  linkBy: "'name'|'rid'?",
  version: 'string|null?',
}

/** Checks the options of `cosmosAuth`; its credentials too unless a function gives them. */
export function checkCosmosOptions(id: string, options: CosmosAuthOptions): void {
  if (options?.credentials === undefined)
    checkOptions(id, withoutEmpty(options), { ...credentialRules(id, options), ...behaviourRules })
  else checkOptions(id, options, { credentials: 'function', ...behaviourRules })
}

/** Checks credentials that a function gave. */
export function checkCosmosCredentials(id: string, credentials: CosmosCredentials): void {
  const isObject = typeof credentials === 'object' && credentials !== null && !Array.isArray(credentials)
  // Objects of other libraries hold more than is needed here.
  const known = isObject
    ? Object.fromEntries(Object.entries(credentials).filter(([name]) => fields.includes(name as 'masterKey')))
    : credentials
  checkOptions(id, withoutEmpty(known), credentialRules(id, credentials))
}

/** Of three credentials two are left out, or empty, as a request file has a variable that is not set. */
function withoutEmpty<Value>(options: Value): Value {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options
  const entries = Object.entries(options).filter(
    ([name, value]) => !(fields.includes(name as 'masterKey') && isEmpty(value)),
  )
  return Object.fromEntries(entries) as Value
}

/** Whether a credential counts as left out. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function credentialRules(id: string, credentials: CosmosCredentials): Record<string, OptionRule> {
  const given = fields.filter((field) => !isEmpty(credentials?.[field]))
  if (given.length > 1)
    throw new EzError('EZ_OPTION_INVALID', `${id}: give only one of ${given.join(' and ')}.`)
  return {
    masterKey: 'secret?',
    resourceToken: 'secret?',
    aadToken: 'secret?',
    [given[0] ?? 'masterKey']: 'secret',
  }
}

/** The bytes of a master key. @throws EZ_CREDENTIAL_INVALID when it is not base64 */
export function decodeMasterKey(id: string, masterKey: string | Secret): Uint8Array {
  const key = fromBase64(reveal(masterKey))
  if (key) return key
  throw new EzError('EZ_CREDENTIAL_INVALID', `${id}: masterKey is not base64. Copy it again.`)
}

/** JSON Schema of the options that a request file can hold. */
export const cosmosSchema: object = {
  type: 'object',
  additionalProperties: false,
  oneOf: [
    { required: ['masterKey'] },
    { required: ['resourceToken'] },
    { required: ['aadToken'] },
    { required: ['credentials'] },
  ],
  properties: {
    masterKey: { type: 'string', minLength: 1, description: "The account's key, in base64." },
    resourceToken: { type: 'string', minLength: 1, description: '_token of a permission.' },
    aadToken: { type: 'string', minLength: 1, description: 'A Microsoft Entra access token.' },
    credentials: {
      description: 'default, or whose: from where Azure users have them (--allow credentials).',
      anyOf: [
        { const: 'default' },
        {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: {
            tenantId: { type: 'string', minLength: 1 },
            managedIdentityClientId: { type: 'string', minLength: 1 },
            scope: { type: 'string', minLength: 1 },
          },
        },
      ],
    },
    resourceType: { type: 'string', description: 'Derived from the URL when left out.' },
    resourceLink: { type: 'string', description: 'Derived from the URL when left out.' },
    linkBy: { enum: ['name', 'rid'], description: 'Told from the link when left out.' },
    version: { type: ['string', 'null'], minLength: 1, default: '2020-07-15' },
  },
}
