export type { CredentialSource, ExampleSchemeCredentials } from './credentials.ts'
export type { ExampleSchemeOptions } from './options.ts'
export { provider } from './provider.ts'
export { exampleScheme } from './signer.ts'
