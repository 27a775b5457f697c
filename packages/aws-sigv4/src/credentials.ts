import { EzError, reveal, type Secret, type SignContext } from '@ez/core'
import { digestSecret } from './key-cache.ts'

/** Long-term or temporary credentials of AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string | Secret
  readonly secretAccessKey: string | Secret
  /** Of temporary credentials. */
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
 * Reads credentials.
 *
 * @throws EZ_CREDENTIAL_MISSING when one is missing or empty
 */
export function identityOf(credentials: AwsCredentials): Identity {
  const accessKeyId = required(credentials?.accessKeyId, 'accessKeyId')
  const secretAccessKey = required(credentials.secretAccessKey, 'secretAccessKey')
  const given = credentials.sessionToken ?? undefined
  const sessionToken = given && required(given, 'sessionToken')
  const secrets = [secretAccessKey]
  if (sessionToken !== undefined) secrets.push(sessionToken)
  if (typeof credentials.accessKeyId !== 'string') secrets.push(accessKeyId)
  return { accessKeyId, secretAccessKey, sessionToken, secretDigest: digestSecret(secretAccessKey), secrets }
}

function required(value: string | Secret | undefined, name: string): string {
  const text = value && reveal(value)
  if (text) return text
  throw new EzError('EZ_CREDENTIAL_MISSING', `aws-sigv4: credentials.${name} is missing or empty. Set it.`)
}
