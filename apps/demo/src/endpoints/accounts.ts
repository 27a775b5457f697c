import { reveal, Secret } from '@ez/core'
import { environment } from '../environment.ts'

/** The secrets that the vendors keep, looked up by what a request names. */
export function secretOfAwsKey(keyId: string): string | undefined {
  return keyId === known('aws_access_key') ? known('aws_secret_key') : undefined
}

/** Consumer and token secret of a NetSuite integration. */
export function secretsOfNetSuite(
  consumerKey: string,
  token: string | undefined,
): { consumerSecret: string; tokenSecret: string } | undefined {
  if (consumerKey !== known('netsuite_consumer_key') || token !== known('netsuite_token')) return undefined
  return {
    consumerSecret: known('netsuite_consumer_secret'),
    tokenSecret: known('netsuite_token_secret'),
  }
}

/** The master key of a Cosmos DB account. */
export function masterKeyOfCosmos(): string {
  return known('cosmos_master_key')
}

/** A value of the environment, as the vendor has it on file. */
export function known(name: string): string {
  const value = environment[name]
  return Secret.isInstance(value) ? reveal(value) : String(value)
}
