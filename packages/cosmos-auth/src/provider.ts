import type { Provider, ProviderHost, Signer } from '@ez/core'
import { type FromAzureOptions, fromAzure } from './azure-identity.ts'
import { type CosmosAuthOptions, cosmosSchema } from './options.ts'
import { cosmosAuth, id } from './signer.ts'

/** Options as a request file can hold them. */
export interface CosmosAuthFileOptions extends Omit<CosmosAuthOptions, 'credentials'> {
  /** `default`, or whose: from where Azure users have them. */
  readonly credentials?: CosmosAuthOptions['credentials'] | 'default' | Omit<FromAzureOptions, 'credential'>
}

function create(options: CosmosAuthFileOptions, host?: ProviderHost): Signer {
  const { credentials, ...rest } = options
  if (credentials === undefined) return cosmosAuth(rest)
  if (typeof credentials === 'function') return cosmosAuth({ ...rest, credentials })
  // What they are read from is the user's, and one of the places is a command that is run.
  host?.check('credentials', "@ez/cosmos-auth: use of this machine's Azure credentials")
  return cosmosAuth({ ...rest, credentials: fromAzure(credentials === 'default' ? {} : credentials) })
}

/** What `use: '@ez/cosmos-auth'` in a request file loads. */
export const provider: Provider<CosmosAuthFileOptions> = { id, options: cosmosSchema, create }
