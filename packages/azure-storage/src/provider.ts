import { EzError, type Provider, type ProviderHost, type Signer } from '@ez/core'
import { type FromAzureOptions, fromAzure } from './azure-identity.ts'
import type { CredentialSource } from './credentials.ts'
import type { AzureStorageOptions } from './options.ts'
import { optionsSchema } from './schema.ts'
import { azureStorage, id } from './signer.ts'

/** Options as a request file can hold them. */
export interface AzureStorageFileOptions extends Omit<AzureStorageOptions, 'credentials'> {
  /** `default`, or whose: from where Azure users have them. */
  readonly credentials: CredentialSource | 'default' | Omit<FromAzureOptions, 'credential'>
}

function create(options: AzureStorageFileOptions, host?: ProviderHost): Signer {
  const { credentials, scheme = 'Bearer' } = options
  if (credentials !== 'default' && !isOfMachine(credentials))
    return azureStorage({ ...options, credentials: credentials as CredentialSource })
  if (scheme !== 'Bearer')
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: the Azure credentials of this machine give a token, for the scheme Bearer. Leave scheme out.`,
    )
  // What they are read from is the user's, and one of the places is a command that is run.
  host?.check('credentials', "@ez/azure-storage: use of this machine's Azure credentials")
  const given = credentials === 'default' ? {} : (credentials as FromAzureOptions)
  return azureStorage({ ...options, scheme, credentials: fromAzure(given) })
}

const isOfMachine = (credentials: AzureStorageFileOptions['credentials']): boolean =>
  typeof credentials === 'object' &&
  credentials !== null &&
  ['tenantId', 'managedIdentityClientId', 'scope'].some((name) => name in credentials)

/** What `use: '@ez/azure-storage'` in a request file loads. */
export const provider: Provider<AzureStorageFileOptions> = { id, options: optionsSchema, create }
