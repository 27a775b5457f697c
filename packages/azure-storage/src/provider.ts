import type { Provider } from '@ez/core'
import type { AzureStorageOptions } from './options.ts'
import { optionsSchema } from './schema.ts'
import { azureStorage, id } from './signer.ts'

/** What `use: '@ez/azure-storage'` in a request file loads. */
export const provider: Provider<AzureStorageOptions> = { id, options: optionsSchema, create: azureStorage }
