export type {
  AzureStorageCredentials,
  CredentialSource,
  EntraToken,
  UserDelegationKey,
} from './credentials.ts'
export { diagnoseAzureStorage } from './diagnose.ts'
export type { AzureStorageOptions, AzureStorageScheme, SasOptions } from './options.ts'
export { provider } from './provider.ts'
export { azureStorage } from './signer.ts'
export type { SharedKeyInput } from './string-to-sign.ts'
export { createStringToSign, createStringToSignLite } from './string-to-sign.ts'
export type { StorageService } from './target.ts'
