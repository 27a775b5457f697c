import type { Provider, ProviderHost, Signer } from '@ez/core'
import type { CredentialSource } from './credentials/credentials.ts'
import { type FromAwsOptions, fromAws } from './credentials/from-aws.ts'
import type { AwsSigV4Options } from './options.ts'
import { awsSigV4 } from './signer.ts'

/** Options as a request file can hold them. */
export interface AwsSigV4FileOptions extends Omit<AwsSigV4Options, 'credentials'> {
  /** `default`, or whose: from where AWS users have them. */
  readonly credentials: CredentialSource | 'default' | FromAwsOptions
}

const texts = (names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, { type: 'string', minLength: 1 }]))

const credentialsSchema = {
  description:
    'Keys; or default, or profile and roleArn: from where AWS users have them (--allow credentials)',
  anyOf: [
    {
      type: 'object',
      required: ['accessKeyId', 'secretAccessKey'],
      additionalProperties: false,
      // What the AWS SDKs add to the objects that they give and are given.
      patternProperties: { '^(?:\\$.*|accountId|credentialScope|expiration)$': {} },
      properties: {
        accessKeyId: { type: 'string' },
        secretAccessKey: { type: 'string' },
        sessionToken: {
          type: ['string', 'null'],
          description: 'Of temporary credentials; empty is as absent',
        },
      },
    },
    { const: 'default' },
    {
      type: 'object',
      minProperties: 1,
      additionalProperties: false,
      properties: {
        ...texts(['profile', 'roleArn', 'roleSessionName', 'externalId', 'region']),
        durationSeconds: { type: 'integer', minimum: 900, maximum: 43200 },
      },
    },
  ],
}

function create(options: AwsSigV4FileOptions, host?: ProviderHost): Signer {
  const { credentials } = options
  // Half of a pair of keys is a mistake, and no wish for the machine's.
  const isSource =
    typeof credentials === 'object'
      ? 'accessKeyId' in credentials || 'secretAccessKey' in credentials
      : credentials !== 'default'
  if (isSource) return awsSigV4({ ...options, credentials: credentials as CredentialSource })
  // Environment and files are the user's, and a profile may name a command that is run.
  host?.check('credentials', "@ez/aws-sigv4: use of this machine's AWS credentials")
  const given = credentials === 'default' ? {} : (credentials as FromAwsOptions)
  return awsSigV4({ ...options, credentials: fromAws(given) })
}

/** What `use: '@ez/aws-sigv4'` in a request file loads. */
export const provider: Provider<AwsSigV4FileOptions> = {
  id: 'aws-sigv4',
  options: {
    type: 'object',
    required: ['service', 'region', 'credentials'],
    additionalProperties: false,
    properties: {
      service: { type: 'string', description: 'Signing name of the service, such as execute-api or s3' },
      region: { type: 'string', description: 'Such as us-east-1' },
      credentials: credentialsSchema,
      placement: { enum: ['header', 'query'], default: 'header' },
      expiresIn: { type: 'integer', minimum: 1, maximum: 604800, default: 900, description: 'Seconds' },
      normalizePath: { type: 'boolean', description: 'Default: not for S3' },
      doubleEncode: { type: 'boolean', description: 'Default: not for S3' },
      signSessionToken: { type: 'boolean', default: true },
      sessionTokenName: {
        enum: ['x-amz-security-token', 'x-amz-s3session-token'],
        default: 'x-amz-security-token',
        description: 'The latter for the sessions of S3 Express',
      },
      signedHeaders: {
        description: 'Added to host, content-type, content-md5, range and x-amz-*',
        oneOf: [{ const: 'all' }, { type: 'array', items: { type: 'string' } }],
      },
      contentSha256Header: { type: 'boolean', description: 'Default: for S3 and its kin' },
      payload: { enum: ['hash', 'unsigned', 'chunks', 'chunks-trailer', 'unsigned-trailer'] },
      chunkSize: { type: 'integer', minimum: 8192, default: 262144, description: 'Bytes' },
      checksum: { enum: ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'], default: 'crc32' },
      clockOffsetMs: { type: 'number', default: 0 },
    },
  },
  create,
}
