import { checkOptions, reveal, type Secret, type SignContext } from '@ez/core'
import { createHmacKey, encodeRfc3986, type HmacKey, sha256 } from '@ez/core/crypto'

/** The four values of OAuth 1.0a. */
export interface ExampleSchemeCredentials {
  readonly consumerKey: string
  readonly consumerSecret: string | Secret
  readonly token: string | Secret
  readonly tokenSecret: string | Secret
}

/** Credentials, or a function that gives those of this attempt: rotation, many tenants behind one signer. */
export type CredentialSource =
  | ExampleSchemeCredentials
  | ((context: SignContext) => ExampleSchemeCredentials | Promise<ExampleSchemeCredentials>)

/** Credentials ready for signing. */
export interface Identity {
  readonly consumerKey: string
  readonly token: string
  readonly key: HmacKey
  /** Values to mask. */
  readonly secrets: readonly string[]
}

const rules = { consumerKey: 'string', consumerSecret: 'secret', token: 'secret', tokenSecret: 'secret' }

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function identityOf(credentials: ExampleSchemeCredentials): Identity {
  checkOptions('example-scheme', credentials, rules)
  const consumerSecret = reveal(credentials.consumerSecret)
  const tokenSecret = reveal(credentials.tokenSecret)
  // RFC 5849 section 3.4.2: both secrets, each percent-encoded, joined with an ampersand.
  const key = createHmacKey(sha256, `${encodeRfc3986(consumerSecret)}&${encodeRfc3986(tokenSecret)}`)
  const token = reveal(credentials.token)
  return { consumerKey: credentials.consumerKey, token, key, secrets: [consumerSecret, tokenSecret] }
}
