import { checkOptions, EzError, reveal, type Secret, type SignContext } from '@ez/core'
import { createHmacKey, fromBase64, type HmacKey, sha256 } from '@ez/core/crypto'

/** A storage account and one of its keys. */
export interface AzureStorageCredentials {
  readonly accountName: string
  /** In base64, as the portal shows it. */
  readonly accountKey: string | Secret
}

/** Credentials, or a function that gives those of this attempt: rotation, many accounts behind one signer. */
export type CredentialSource =
  | AzureStorageCredentials
  | ((context: SignContext) => AzureStorageCredentials | Promise<AzureStorageCredentials>)

/** Credentials ready for signing. */
export interface Identity {
  readonly accountName: string
  readonly key: HmacKey
  /** Values to mask. */
  readonly secrets: readonly string[]
}

// Microsoft Learn, "Storage account overview": 3 to 24 letters and digits; the emulator's names are as free.
const accountPattern = /^[a-z0-9-]{3,40}$/

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID */
export function identityOf(credentials: AzureStorageCredentials): Identity {
  checkOptions('azure-storage', credentials, { accountName: 'string', accountKey: 'secret' })
  const { accountName } = credentials
  if (!accountPattern.test(accountName))
    throw new EzError(
      'EZ_OPTION_INVALID',
      'azure-storage: accountName must be letters and digits in lower case.',
    )
  const accountKey = reveal(credentials.accountKey)
  const bytes = fromBase64(accountKey)
  if (!bytes)
    throw new EzError(
      'EZ_CREDENTIAL_INVALID',
      'azure-storage: accountKey is not base64. Copy a key as the portal shows it (Access keys).',
    )
  return { accountName, key: createHmacKey(sha256, bytes), secrets: [accountKey] }
}
