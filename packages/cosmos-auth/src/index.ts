export type { CosmosAuthOptions, CosmosCredentials } from './options.ts'
export { provider } from './provider.ts'
export { cosmosAuth } from './signer.ts'
export type { CosmosContainer, ItemQuery, PartitionKey, PartitionKeyPart } from './templates.ts'
export {
  createItem,
  deleteItem,
  partitionKeyHeader,
  patchItem,
  queryItems,
  readItem,
  replaceItem,
  resourceUrl,
} from './templates.ts'
