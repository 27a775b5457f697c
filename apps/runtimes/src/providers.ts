import { provider as aws, awsSigV4 } from '@ez/aws-sigv4'
import { provider as awsV4a } from '@ez/aws-sigv4/v4a'
import { provider as azure, azureStorage } from '@ez/azure-storage'
import type { Provider, Signer } from '@ez/core'
import { provider as cosmos, cosmosAuth } from '@ez/cosmos-auth'
import { httpMessageSignatures, provider as messages } from '@ez/http-message-signatures'
import { provider as netsuite, oauth1 } from '@ez/netsuite-oauth1'
import { provider as oauth1Provider } from '@ez/netsuite-oauth1/oauth1'
import awsV4aVectors from '../../../packages/aws-sigv4/vectors/aws-c-auth-v4a.json' with { type: 'json' }
import awsBotocore from '../../../packages/aws-sigv4/vectors/botocore.json' with { type: 'json' }
import awsDocumentation from '../../../packages/aws-sigv4/vectors/s3-documentation.json' with { type: 'json' }
import azureVectors from '../../../packages/azure-storage/vectors/azure-storage.json' with { type: 'json' }
import cosmosVectors from '../../../packages/cosmos-auth/vectors/cosmos.json' with { type: 'json' }
import messageVectors from '../../../packages/http-message-signatures/vectors/rfc9421.json' with {
  type: 'json',
}
import netsuiteVectors from '../../../packages/netsuite-oauth1/vectors/netsuite.json' with { type: 'json' }
import oauth1Vectors from '../../../packages/netsuite-oauth1/vectors/oauth1.json' with { type: 'json' }
import { keys } from './keys.ts'

/** A file of vectors, and the provider that it is for. */
export interface VectorFile {
  readonly provider: Provider<never>
  readonly vectors: unknown
  /** Title of the vector that carries all kinds of bodies. */
  readonly bodies?: string
}

export const vectorFiles: readonly VectorFile[] = [
  { provider: aws, vectors: awsBotocore, bodies: 'execute-api: POST of JSON' },
  { provider: aws, vectors: awsDocumentation, bodies: 'PUT Object test$file.text' },
  { provider: awsV4a, vectors: awsV4aVectors },
  { provider: azure, vectors: azureVectors },
  { provider: cosmos, vectors: cosmosVectors, bodies: 'creating an item' },
  { provider: messages, vectors: messageVectors, bodies: 'selective covered components, RSA-PSS' },
  { provider: netsuite, vectors: netsuiteVectors },
  { provider: oauth1Provider, vectors: oauth1Vectors },
]

/** A signer whose requests the endpoint verifies, by its name. */
export const signers: Readonly<Record<string, () => Signer>> = {
  aws: () => awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials: keys.aws }),
  's3-presigned': () =>
    awsSigV4({
      service: 's3',
      region: 'us-east-1',
      credentials: keys.aws,
      placement: 'query',
      payload: 'hash',
    }),
  azure: () => azureStorage({ credentials: keys.azure }),
  cosmos: () => cosmosAuth({ masterKey: keys.cosmos, resourceType: 'docs', resourceLink: 'dbs/a/colls/b' }),
  oauth1: () => oauth1({ ...keys.oauth1, signatureMethod: 'HMAC-SHA256' }),
  ed25519: () =>
    httpMessageSignatures({
      algorithm: 'ed25519',
      key: keys.ed25519.private,
      components: ['@method', '@target-uri', 'content-digest'],
    }),
}
