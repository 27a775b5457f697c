import type { Provider } from '@ez/core'
import { type CosmosAuthOptions, cosmosSchema } from './options.ts'
import { cosmosAuth, id } from './signer.ts'

/** What `use: '@ez/cosmos-auth'` in a request file loads. */
export const provider: Provider<CosmosAuthOptions> = { id, options: cosmosSchema, create: cosmosAuth }
