import { checkOptions } from '@ez/core'
import { cachedCredentials } from './credentials/cached-credentials.ts'
import type { AwsCredentials, CredentialSource } from './credentials/credentials.ts'

/** A credential provider of the AWS SDK for JavaScript v3, such as `fromNodeProviderChain()` gives. */
export type AwsSdkCredentialProvider = (properties?: Record<string, unknown>) => Promise<{
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  readonly expiration?: Date | undefined
}>

/**
 * Takes credentials from an AWS SDK v3 provider: environment, profile, SSO, container, instance, web identity.
 *
 * The SDK is not a dependency: give it what you have. Credentials are kept until five minutes before they end.
 *
 * @throws EZ_OPTION_INVALID; what the provider throws reaches the requests that wait for it
 *
 * @example
 * ```ts
 * import { awsSigV4 } from '@ez/aws-sigv4'
 * import { type AwsSdkCredentialProvider, awsSdkCredentials } from '@ez/aws-sigv4/aws-sdk'
 *
 * declare const fromNodeProviderChain: () => AwsSdkCredentialProvider // of @aws-sdk/credential-providers
 * const credentials = awsSdkCredentials(fromNodeProviderChain())
 * const signer = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })
 * ```
 */
export function awsSdkCredentials(provider: AwsSdkCredentialProvider): CredentialSource {
  checkOptions('aws-sdk-credentials', { provider }, { provider: 'function' })
  // What a provider gives besides, such as an account id, stays out; what it does not give is told when signing.
  return cachedCredentials(async (): Promise<AwsCredentials> => {
    const given: Partial<AwsCredentials> | undefined = await provider()
    const { accessKeyId = '', secretAccessKey = '', sessionToken, expiration } = given ?? {}
    return { accessKeyId, secretAccessKey, sessionToken, expiration }
  })
}
