import { checkOptions, reveal, type Secret, type SignContext } from '@ez/core'
import { createHmacKey, type HmacKey, sha256 } from '@ez/core/crypto'

/** Who signs. */
export interface ExampleSchemeCredentials {
  readonly keyId: string
  readonly secretKey: string | Secret
}

/** Credentials, or a function that gives those of this attempt: rotation, many tenants behind one signer. */
export type CredentialSource =
  | ExampleSchemeCredentials
  | ((context: SignContext) => ExampleSchemeCredentials | Promise<ExampleSchemeCredentials>)

/** Credentials ready for signing. */
export interface Identity {
  readonly keyId: string
  readonly key: HmacKey
  /** Values to mask. */
  readonly secrets: readonly string[]
}

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function identityOf(credentials: ExampleSchemeCredentials): Identity {
  checkOptions('example-scheme', credentials, { keyId: 'string', secretKey: 'secret' })
  const secretKey = reveal(credentials.secretKey)
  return { keyId: credentials.keyId, key: createHmacKey(sha256, secretKey), secrets: [secretKey] }
}
