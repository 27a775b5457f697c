export type { CosmosAuthOptions, CosmosCredentials } from './options.ts'
export { cosmosAuth, provider } from './signer.ts'
