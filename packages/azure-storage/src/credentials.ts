import { checkOptions, EzError, reveal, type Secret, type SignContext } from '@ez/core'
import { createHmacKey, fromBase64, type HmacKey, sha256 } from '@ez/core/crypto'

/** A storage account and what signs for it. */
export interface AzureStorageCredentials {
  /** Letters and digits in lower case: the first part of the account's host. */
  readonly accountName: string
  /** One of the account's keys, in base64, as the portal shows it. Not for `UserDelegationSAS`. */
  readonly accountKey?: string | Secret
  /** For `UserDelegationSAS`: what "Get User Delegation Key" answered. */
  readonly userDelegationKey?: UserDelegationKey
}

/** A key that Microsoft Entra ID gave for signing links; named as in `@azure/storage-blob`. */
export interface UserDelegationKey {
  /** The object ID of who asked for the key. */
  readonly signedObjectId: string
  /** The tenant ID of who asked for the key. */
  readonly signedTenantId: string
  /** From when the key holds: a `Date`, or an ISO instant. */
  readonly signedStartsOn: Date | string
  /** Until when the key holds: a `Date`, or an ISO instant. */
  readonly signedExpiresOn: Date | string
  /** `b`. */
  readonly signedService: string
  /** The version of the API that gave the key: `2023-11-03`. */
  readonly signedVersion: string
  /** The key, in base64. */
  readonly value: string | Secret
}

/** For the scheme `Bearer`. */
export interface EntraToken {
  /** A Microsoft Entra access token for `https://storage.azure.com/`. */
  readonly token: string | Secret
}

/** Credentials, or a function that gives those of this attempt: rotation, many accounts behind one signer. */
export type CredentialSource =
  | AzureStorageCredentials
  | EntraToken
  | ((
      context: SignContext,
    ) => AzureStorageCredentials | EntraToken | Promise<AzureStorageCredentials | EntraToken>)

/** Credentials ready for signing. */
export interface Identity {
  readonly accountName: string
  readonly key: HmacKey
  /** The user delegation key's own parameters, in the order in which they are signed. */
  readonly delegation: readonly (readonly [name: string, value: string])[]
  /** Values to mask. */
  readonly secrets: readonly string[]
}

/** An Entra token, ready to be sent. */
export interface Bearer {
  readonly token: string
  /** Values to mask. */
  readonly secrets: readonly string[]
}

// Microsoft Learn, "Storage account overview": 3 to 24 letters and digits; the emulator's names are as free.
const accountPattern = /^[a-z0-9-]{3,40}$/
const delegationRules = {
  signedObjectId: 'string',
  signedTenantId: 'string',
  signedStartsOn: 'object|string',
  signedExpiresOn: 'object|string',
  signedService: 'string',
  signedVersion: 'string',
  value: 'secret',
}

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID */
export function identityOf(given: AzureStorageCredentials | EntraToken, scheme: string): Identity | Bearer {
  if (scheme === 'Bearer') {
    checkCredentials(given, { token: 'secret' })
    const token = reveal((given as EntraToken).token)
    return { token, secrets: [token] }
  }
  const credentials = given as AzureStorageCredentials
  const byUser = scheme === 'UserDelegationSAS'
  const rules = byUser ? { userDelegationKey: 'object' } : { accountKey: 'secret' }
  checkCredentials(credentials, { accountName: 'string', ...rules })
  const { accountName, accountKey = '', userDelegationKey } = credentials
  if (!accountPattern.test(accountName))
    throw new EzError(
      'EZ_OPTION_INVALID',
      'azure-storage: accountName must be lower-case letters and digits.',
    )
  if (byUser && userDelegationKey) {
    checkCredentials(userDelegationKey, delegationRules)
    return {
      accountName,
      ...keyOf('userDelegationKey.value', userDelegationKey.value),
      delegation: delegationOf(userDelegationKey),
    }
  }
  return { accountName, ...keyOf('accountKey', accountKey), delegation: [] }
}

// Objects of other libraries hold more than is needed here, such as where they come from.
function checkCredentials(credentials: object, rules: Readonly<Record<string, string>>): void {
  const isObject = typeof credentials === 'object' && credentials !== null && !Array.isArray(credentials)
  const known = isObject
    ? Object.fromEntries(
        Object.keys(rules).flatMap((name) =>
          (credentials as Record<string, unknown>)[name] === undefined
            ? []
            : [[name, (credentials as Record<string, unknown>)[name]]],
        ),
      )
    : credentials
  checkOptions('azure-storage', known, rules)
}

function keyOf(name: string, secret: string | Secret): { key: HmacKey; secrets: readonly string[] } {
  const text = reveal(secret)
  const bytes = fromBase64(text)
  if (bytes?.length) return { key: createHmacKey(sha256, bytes), secrets: [text] }
  throw new EzError('EZ_CREDENTIAL_INVALID', `azure-storage: ${name} is not base64. Copy it.`)
}

function delegationOf(key: UserDelegationKey): Identity['delegation'] {
  return [
    ['skoid', key.signedObjectId],
    ['sktid', key.signedTenantId],
    ['skt', instantOf('signedStartsOn', key.signedStartsOn)],
    ['ske', instantOf('signedExpiresOn', key.signedExpiresOn)],
    ['sks', key.signedService],
    ['skv', key.signedVersion],
  ]
}

function instantOf(name: string, instant: Date | string): string {
  const date = new Date(instant)
  if (!Number.isNaN(date.getTime())) return date.toISOString().replace(/\.\d+Z$/, 'Z')
  throw new EzError('EZ_CREDENTIAL_INVALID', `azure-storage: userDelegationKey.${name} is no instant.`)
}
