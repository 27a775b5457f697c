import { cachedCredentials } from './cached-credentials.ts'
import type { AwsCredentials, CredentialSource } from './credentials.ts'

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
  return cachedCredentials(async (): Promise<AwsCredentials> => {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider()
    return { accessKeyId, secretAccessKey, sessionToken, expiration }
  })
}
