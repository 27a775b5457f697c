import { checkOptions, type OptionRule, type Secret, type SignContext } from '@ez/core'

/** What identifies one integration of one account. */
export interface NetSuiteCredentials {
  /** The account ID in either form: `1234567_SB1` or `1234567-sb1`. */
  readonly accountId: string
  /** Names the integration; shown once when it is made. */
  readonly consumerKey: string | Secret
  /** Signs, together with the token secret; never sent. */
  readonly consumerSecret: string | Secret
  /** Names the token of a user and role (`oauth_token`). */
  readonly tokenId: string | Secret
  /** Signs, together with the consumer secret; never sent. */
  readonly tokenSecret: string | Secret
}

/** Options of `netsuiteOAuth1`. */
export interface NetSuiteOptions extends Partial<NetSuiteCredentials> {
  /** In place of the five fields: the credentials of each request, for rotation and many accounts. */
  readonly credentials?: (context: SignContext) => NetSuiteCredentials | Promise<NetSuiteCredentials>
}

const rules: Readonly<Record<string, OptionRule>> = {
  accountId: 'string',
  consumerKey: 'secret',
  consumerSecret: 'secret',
  tokenId: 'secret',
  tokenSecret: 'secret',
}

/** Checks the options of `netsuiteOAuth1`. */
export function checkNetSuiteOptions(id: string, options: NetSuiteOptions): void {
  checkOptions(id, options, options?.credentials === undefined ? rules : { credentials: 'function' })
}

/** Checks credentials that a function gave; what they hold besides, such as a name, is not looked at. */
export function checkNetSuiteCredentials(id: string, credentials: NetSuiteCredentials): void {
  const { accountId, consumerKey, consumerSecret, tokenId, tokenSecret } = credentials ?? {}
  checkOptions(id, { accountId, consumerKey, consumerSecret, tokenId, tokenSecret }, rules)
}

const text = { type: 'string', minLength: 1 }

/** JSON Schema of the options that a request file can hold. */
export const netsuiteSchema: object = {
  type: 'object',
  additionalProperties: false,
  required: ['accountId', 'consumerKey', 'consumerSecret', 'tokenId', 'tokenSecret'],
  properties: {
    accountId: { type: 'string', minLength: 1, description: 'The account ID, such as 1234567_SB1.' },
    consumerKey: text,
    consumerSecret: text,
    tokenId: text,
    tokenSecret: text,
  },
}
