import { readFileSync } from 'node:fs'
import {
  createSigningScope,
  deriveSigningKey,
  type S3Options,
  s3,
  s3PostPolicy,
  signS3PostPolicy,
  spApi,
} from '@ez/aws-sigv4'
import { describe, expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'
import { instant, secretAccessKey, signedBy } from './support/signing.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey }

describe('spApi', () => {
  // Selling Partner API documentation, "SP-API Endpoints".
  it.each([
    ['na', 'https://sellingpartnerapi-na.amazon.com', 'us-east-1'],
    ['eu', 'https://sellingpartnerapi-eu.amazon.com', 'eu-west-1'],
    ['fe', 'https://sellingpartnerapi-fe.amazon.com', 'us-west-2'],
  ] as const)('%s is at %s and signed for %s', async (region, endpoint, awsRegion) => {
    const preset = spApi({ region, credentials })
    expect(preset).toMatchObject({ endpoint, region: awsRegion, service: 'execute-api' })
    const { headers } = await signedBy(preset.signer, { url: `${endpoint}/orders/v0/orders` })
    expect(Object.fromEntries(headers).authorization).toContain(`/${awsRegion}/execute-api/aws4_request`)
    expect(spApi({ region, credentials, sandbox: true }).endpoint).toBe(endpoint.replace('//', '//sandbox.'))
  })

  it('refuses an AWS region, which it works out itself', () => {
    expect(() => spApi({ region: 'us-east-1' as 'na', credentials })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})

describe('s3', () => {
  it.each<[Partial<S3Options>, string]>([
    [{}, 'https://s3.us-east-1.amazonaws.com'],
    [{ bucket: 'examplebucket' }, 'https://examplebucket.s3.us-east-1.amazonaws.com'],
    [{ bucket: 'with.dot' }, 'https://s3.us-east-1.amazonaws.com/with.dot'],
    [{ bucket: 'examplebucket', pathStyle: true }, 'https://s3.us-east-1.amazonaws.com/examplebucket'],
    [
      { bucket: 'examplebucket', region: 'cn-north-1' },
      'https://examplebucket.s3.cn-north-1.amazonaws.com.cn',
    ],
    [{ bucket: 'examplebucket', endpoint: 'http://127.0.0.1:9000' }, 'http://127.0.0.1:9000/examplebucket'],
    [
      { bucket: 'examplebucket', endpoint: 'https://s3.eu-central-003.backblazeb2.com/', pathStyle: false },
      'https://examplebucket.s3.eu-central-003.backblazeb2.com',
    ],
    [
      { bucket: 'examplebucket', endpoint: 'https://account.r2.cloudflarestorage.com', region: 'auto' },
      'https://account.r2.cloudflarestorage.com/examplebucket',
    ],
  ])('%j is at %s', (options, url) => {
    const preset = s3({ region: 'us-east-1', credentials, ...options })
    expect(preset.url).toBe(url)
    expect(preset.objectUrl('a b/ü+=.txt')).toBe(`${url}/a%20b/%C3%BC%2B%3D.txt`)
    expect(preset.signer.canonicalUrl?.(preset.objectUrl('a b/ü+=.txt'))).toBe(
      preset.objectUrl('a b/ü+=.txt'),
    )
  })

  it.each<Partial<S3Options>>([
    { bucket: 'Upper' },
    { bucket: 'a/b' },
    { endpoint: 'localhost' },
    { endpoint: 'https://host/path' },
    { endpoint: 'ftp://host' },
  ])('refuses %j', (options) => {
    expect(() => s3({ region: 'us-east-1', credentials, ...options })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})

describe('a POST policy', () => {
  it("is signed as in AWS's published example", () => {
    const path = new URL('./vectors/s3-post-policy.json', import.meta.url)
    const example = JSON.parse(readFileSync(path, 'utf8'))
    const scope = createSigningScope(new Date(example.now), example.region, 's3')
    const signed = signS3PostPolicy(
      example.policyLines.join('\r\n'),
      deriveSigningKey(example.secretAccessKey, scope),
    )
    expect(signed.signature).toBe(example.signature)
  })

  it('holds the conditions of the form and nothing that the form does not send', () => {
    const form = s3PostPolicy(
      {
        bucket: 'examplebucket',
        region: 'us-east-1',
        key: 'user/eric/$' + '{filename}',
        credentials: { ...credentials, sessionToken: 'token' },
        fields: { acl: 'private' },
        conditions: [['content-length-range', 0, 10]],
        expiresIn: 60,
      },
      contextAt(instant),
    )
    const policy = JSON.parse(Buffer.from(form.fields.policy ?? '', 'base64').toString())
    expect(policy).toEqual({
      expiration: '2026-01-15T12:37:00.000Z',
      conditions: [
        { bucket: 'examplebucket' },
        ['starts-with', '$key', 'user/eric/'],
        { acl: 'private' },
        { 'x-amz-algorithm': 'AWS4-HMAC-SHA256' },
        { 'x-amz-credential': 'AKIDEXAMPLE/20260115/us-east-1/s3/aws4_request' },
        { 'x-amz-date': '20260115T123600Z' },
        { 'x-amz-security-token': 'token' },
        ['content-length-range', 0, 10],
      ],
    })
    expect(Object.keys(form.fields)).toEqual([
      'key',
      'acl',
      'x-amz-algorithm',
      'x-amz-credential',
      'x-amz-date',
      'x-amz-security-token',
      'policy',
      'x-amz-signature',
    ])
  })

  it('refuses a time that S3 would not take', () => {
    const options = { bucket: 'b', region: 'us-east-1', key: 'k', credentials, expiresIn: 604_801 }
    expect(() => s3PostPolicy(options, contextAt(instant))).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})
