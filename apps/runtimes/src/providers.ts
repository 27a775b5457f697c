import { provider as aws, awsSigV4 } from '@ez/aws-sigv4'
import { provider as awsV4a } from '@ez/aws-sigv4/v4a'
import { provider as azure, azureStorage } from '@ez/azure-storage'
import type { Provider, Signer } from '@ez/core'
import type { SignedPart, SignerCheckOptions } from '@ez/core/testing'
import { provider as cosmos, cosmosAuth } from '@ez/cosmos-auth'
import { httpMessageSignatures, provider as messages } from '@ez/http-message-signatures'
import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import { provider as netsuite, oauth1 } from '@ez/netsuite-oauth1'
import { provider as oauth1Provider } from '@ez/netsuite-oauth1/oauth1'
import { verifyV4a } from '../../../packages/aws-sigv4/test/support/verify-v4a.ts'
import awsV4aVectors from '../../../packages/aws-sigv4/vectors/aws-c-auth-v4a.json' with { type: 'json' }
import awsBotocore from '../../../packages/aws-sigv4/vectors/botocore.json' with { type: 'json' }
import awsDocumentation from '../../../packages/aws-sigv4/vectors/s3-documentation.json' with { type: 'json' }
import azureVectors from '../../../packages/azure-storage/vectors/azure-storage.json' with { type: 'json' }
import cosmosVectors from '../../../packages/cosmos-auth/vectors/cosmos.json' with { type: 'json' }
import { publicKey } from '../../../packages/http-message-signatures/test/keys.ts'
import messageVectors from '../../../packages/http-message-signatures/vectors/rfc9421.json' with {
  type: 'json',
}
import netsuiteVectors from '../../../packages/netsuite-oauth1/vectors/netsuite.json' with { type: 'json' }
import oauth1Vectors from '../../../packages/netsuite-oauth1/vectors/oauth1.json' with { type: 'json' }
import { keys } from './keys.ts'

const parts: Readonly<Record<string, SignedPart>> = {
  '@method': 'method',
  '@path': 'path',
  '@query': 'query',
  'content-digest': 'body',
}

/** A file of vectors, and the provider that it is for. */
export interface VectorFile {
  readonly provider: Provider<never>
  readonly vectors: unknown
  /** Title of the vector that carries all kinds of bodies, and what verifies signatures that are drawn anew. */
  readonly options?: Pick<SignerCheckOptions, 'bodies' | 'signs' | 'verify'>
}

const ofMessages: NonNullable<VectorFile['options']> = {
  bodies: 'selective covered components, RSA-PSS',
  verify: (request, { context }) =>
    verifyHttpMessageSignatures(request, {
      secretFor: publicKey,
      requiredComponents: [],
      now: new Date(context.now),
    }),
  signs: ({ options }) =>
    (options.components as string[]).map((name): SignedPart => parts[name] ?? `header:${name}`),
}

export const vectorFiles: readonly VectorFile[] = [
  { provider: aws, vectors: awsBotocore, options: { bodies: 'execute-api: POST of JSON' } },
  { provider: aws, vectors: awsDocumentation, options: { bodies: 'PUT Object test$file.text' } },
  { provider: awsV4a, vectors: awsV4aVectors, options: { verify: verifyV4a } },
  { provider: azure, vectors: azureVectors },
  { provider: cosmos, vectors: cosmosVectors, options: { bodies: 'creating an item', signs: [] } },
  { provider: messages, vectors: messageVectors, options: ofMessages },
  { provider: netsuite, vectors: netsuiteVectors, options: { signs: [] } },
  { provider: oauth1Provider, vectors: oauth1Vectors, options: { signs: [] } },
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
