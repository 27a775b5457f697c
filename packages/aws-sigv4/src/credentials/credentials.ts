import { reveal, Secret, type SignContext } from '@ez/core'
import { secretText } from './secret-text.ts'
import { digestSecret } from './signing-keys.ts'

/** Long-term or temporary credentials of AWS. */
export interface AwsCredentials {
  /** Names the key: `AKIA…` of a user, `ASIA…` of temporary credentials. It is sent with every request. */
  readonly accessKeyId: string | Secret
  /** Derives the signing keys. It is never sent. */
  readonly secretAccessKey: string | Secret
  /** Of temporary credentials; an empty one counts as absent. */
  readonly sessionToken?: string | Secret | undefined
  /** When temporary credentials end; read by `cachedCredentials`. */
  readonly expiration?: Date | undefined
}

/** Credentials, or a function that gives those of this attempt: rotation, many tenants behind one signer. */
export type CredentialSource =
  | AwsCredentials
  | ((context: SignContext) => AwsCredentials | Promise<AwsCredentials>)

/** Credentials in plain text, with what is worked out of them once. */
export interface Identity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  /** Stands for the secret in the key cache. */
  readonly secretDigest: string
  /** Values to mask. */
  readonly secrets: readonly string[]
}

/**
 * Those parts of credentials that signing knows; an empty session token is none. The AWS SDKs add more, such as
 * `$source`, to the objects that they are given.
 */
export function knownCredentials(credentials: AwsCredentials): AwsCredentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: isEmpty(sessionToken) ? undefined : sessionToken,
    expiration,
  }
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Secret.isInstance(value) && reveal(value) === '')
}

/**
 * Reads credentials.
 *
 * @throws EZ_CREDENTIAL_MISSING when one is missing, empty or no text
 */
export function identityOf(credentials: AwsCredentials): Identity {
  const accessKeyId = secretText(credentials?.accessKeyId, 'accessKeyId')
  const secretAccessKey = secretText(credentials.secretAccessKey, 'secretAccessKey')
  const given = isEmpty(credentials.sessionToken) ? undefined : credentials.sessionToken
  const sessionToken = given === undefined ? undefined : secretText(given, 'sessionToken')
  const secrets = [secretAccessKey]
  if (sessionToken !== undefined) secrets.push(sessionToken)
  if (typeof credentials.accessKeyId !== 'string') secrets.push(accessKeyId)
  return { accessKeyId, secretAccessKey, sessionToken, secretDigest: digestSecret(secretAccessKey), secrets }
}
