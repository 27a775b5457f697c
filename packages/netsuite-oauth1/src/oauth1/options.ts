import { checkOptions, EzError, type OptionRule, reveal, Secret, type SignContext } from '@ez/core'
import type { SignatureMethod } from '../signature.ts'
import { signatureMethods } from './signature-methods.ts'

/** The two pairs that sign a request. */
export interface OAuth1Credentials {
  /** Names the client (`oauth_consumer_key`). */
  readonly consumerKey: string | Secret
  /** May be empty (RFC 5849 section 3.4.2). For an RSA method: the private key in PEM form. */
  readonly consumerSecret: string | Secret
  /** Left out of the request when empty. */
  readonly token?: string | Secret | undefined
  /** Signs together with the consumer secret; empty when left out. */
  readonly tokenSecret?: string | Secret | undefined
}

/** How a request is signed, whoever signs it. */
export interface OAuth1Behaviour {
  /** Default `HMAC-SHA1`, which every OAuth 1.0a server knows. */
  readonly signatureMethod?: SignatureMethod
  /** Goes into the header, is never signed, and has no place in a query or form. */
  readonly realm?: string
  /** Sent as `oauth_callback` when a request token is asked for; a URL or `oob`. */
  readonly callback?: string
  /** Sent as `oauth_verifier` when a request token is exchanged. */
  readonly verifier?: string | Secret
  /** Sent as `oauth_version` (default `'1.0'`); `null` leaves it out. */
  readonly version?: '1.0' | null
  /** Where the parameters go (default `header`); `form` needs a form body. */
  readonly placement?: 'header' | 'query' | 'form'
  /** Sends `oauth_body_hash` for every body that is not a form (default `false`). */
  readonly bodyHash?: boolean
  /** Decoded names and values, signed and placed with the protocol parameters, such as NetSuite's `role`. */
  readonly extraParameters?: readonly (readonly [name: string, value: string])[]
}

/** Options of `oauth1`. */
export interface OAuth1Options extends OAuth1Behaviour, Partial<OAuth1Credentials> {
  /** In place of the four fields: the credentials of each request, for rotation and many tenants. */
  readonly credentials?: (context: SignContext) => OAuth1Credentials | Promise<OAuth1Credentials>
}

const credentialRules: Readonly<Record<string, OptionRule>> = {
  consumerKey: 'secret',
  consumerSecret: 'secret|text',
  token: 'secret|text?',
  tokenSecret: 'secret|text?',
}

const behaviourRules: Readonly<Record<string, OptionRule>> = {
  signatureMethod: 'string?',
  realm: 'text?',
  callback: 'string?',
  verifier: 'secret?',
  version: "'1.0'|null?",
  placement: "'header'|'query'|'form'?",
  bodyHash: 'boolean?',
  extraParameters: 'array?',
}

/** Checks the options of `oauth1`; its credentials too unless a function gives them. */
export function checkOAuth1Options(id: string, options: OAuth1Options): void {
  const rules = options?.credentials === undefined ? credentialRules : { credentials: 'function' }
  checkOptions(id, options, { ...rules, ...behaviourRules })
  const { signatureMethod = 'HMAC-SHA1', realm = '', extraParameters = [] } = options
  const invalid = (name: string, rule: string): EzError =>
    new EzError('EZ_OPTION_INVALID', `${id}: option ${name} must ${rule}.`)
  if (!signatureMethods.includes(signatureMethod))
    throw invalid('signatureMethod', `be one of ${signatureMethods.join(', ')}`)
  // It goes into the header as it is, and there is no encoding for it (RFC 9110 section 5.6.4).
  if (!/^[\t -~]*$/.test(realm)) throw invalid('realm', 'hold printable ASCII alone, and no line break')
  for (const pair of extraParameters)
    if (!Array.isArray(pair) || pair.length !== 2 || pair.some((part) => typeof part !== 'string'))
      throw invalid('extraParameters', 'hold pairs of texts, such as [["role", "3"]]')
}

const optionalNames = ['token', 'tokenSecret', 'verifier', 'callback', 'realm'] as const

/** The options without those that are empty: a value that may be absent comes as an empty text, or as `null`. */
export function presentOptions<Options extends OAuth1Options>(options: Options): Options {
  if (typeof options !== 'object' || options === null) return options
  const present: Options = { ...options }
  for (const name of optionalNames) {
    const value: unknown = present[name]
    // An empty realm is a realm.
    const isEmpty = value === '' && name !== 'realm'
    if (value === null || isEmpty || (Secret.isInstance(value) && reveal(value) === '')) delete present[name]
  }
  return present
}

/**
 * Reads credentials that a function gave; what they hold besides, such as a name, is not looked at.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 */
export function readOAuth1Credentials(id: string, credentials: OAuth1Credentials): OAuth1Credentials {
  const { consumerKey, consumerSecret, token, tokenSecret } = credentials ?? {}
  const known = presentOptions({ consumerKey, consumerSecret, token, tokenSecret })
  checkOptions(id, known, credentialRules)
  return known
}

/** JSON Schema of the options that a request file can hold. */
export const oauth1Schema: object = {
  type: 'object',
  additionalProperties: false,
  required: ['consumerKey', 'consumerSecret'],
  properties: {
    consumerKey: { type: 'string', minLength: 1 },
    consumerSecret: { type: 'string', description: 'For an RSA method: the private key in PEM form.' },
    token: { type: ['string', 'null'], description: 'Left out of the request when empty.' },
    tokenSecret: { type: ['string', 'null'] },
    signatureMethod: { enum: signatureMethods, default: 'HMAC-SHA1' },
    realm: { type: ['string', 'null'], description: 'Goes into the header and is never signed.' },
    callback: { type: ['string', 'null'], description: 'A URL or "oob"; left out when empty.' },
    verifier: { type: ['string', 'null'], description: 'Left out when empty.' },
    version: { enum: ['1.0', null], default: '1.0', description: 'null leaves it out.' },
    placement: { enum: ['header', 'query', 'form'], default: 'header' },
    bodyHash: { type: 'boolean', default: false },
    extraParameters: {
      type: 'array',
      description: 'Decoded names and values that are signed and placed with the protocol parameters.',
      items: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
    },
  },
}
