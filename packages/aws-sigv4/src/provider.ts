import type { Provider } from '@ez/core'
import type { AwsSigV4Options } from './options.ts'
import { awsSigV4 } from './signer.ts'

/** What `use: '@ez/aws-sigv4'` in a request file loads. */
export const provider: Provider<AwsSigV4Options> = {
  id: 'aws-sigv4',
  options: {
    type: 'object',
    required: ['service', 'region', 'credentials'],
    additionalProperties: false,
    properties: {
      service: { type: 'string', description: 'Signing name of the service, such as execute-api or s3' },
      region: { type: 'string', description: 'Such as us-east-1' },
      credentials: {
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
  create: awsSigV4,
}
