import { readFileSync } from 'node:fs'
import {
  createSigningScope,
  deriveSigningKey,
  type S3Options,
  type S3PostPolicyOptions,
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
    [{ endpoint: 'https://examplebucket.s3.amazonaws.com' }, 'https://examplebucket.s3.amazonaws.com'],
    [{ bucket: 'examplebucket' }, 'https://examplebucket.s3.us-east-1.amazonaws.com'],
    [{ bucket: 'with.dot' }, 'https://s3.us-east-1.amazonaws.com/with.dot'],
    [{ bucket: 'examplebucket', pathStyle: true }, 'https://s3.us-east-1.amazonaws.com/examplebucket'],
    [
      { bucket: 'examplebucket', region: 'cn-north-1' },
      'https://examplebucket.s3.cn-north-1.amazonaws.com.cn',
    ],
    // As the endpoint rules of botocore 1.43 have it.
    [
      { bucket: 'examplebucket', region: 'us-gov-west-1' },
      'https://examplebucket.s3.us-gov-west-1.amazonaws.com',
    ],
    [
      { bucket: 'examplebucket', region: 'eusc-de-east-1' },
      'https://examplebucket.s3.eusc-de-east-1.amazonaws.eu',
    ],
    [
      { bucket: 'examplebucket', region: 'us-isob-east-1' },
      'https://examplebucket.s3.us-isob-east-1.sc2s.sgov.gov',
    ],
    [
      { bucket: 'my-bucket--usw2-az1--x-s3', region: 'us-west-2' },
      'https://my-bucket--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com',
    ],
    [
      { bucket: 'my-ap--usw2-lax1-az1--xa-s3', region: 'us-west-2' },
      'https://my-ap--usw2-lax1-az1--xa-s3.s3express-usw2-lax1-az1.us-west-2.amazonaws.com',
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

  it('signs for S3 Express where the bucket is a directory bucket', async () => {
    const preset = s3({ region: 'us-west-2', bucket: 'my-bucket--usw2-az1--x-s3', credentials })
    expect(preset.service).toBe('s3express')
    const { headers } = await signedBy(preset.signer, { url: preset.objectUrl('k') })
    expect(Object.fromEntries(headers).authorization).toContain('/us-west-2/s3express/aws4_request')
  })

  it.each<[Partial<S3Options>, unknown]>([
    // The URL would be the bucket's, and a DELETE would delete it.
    [{ bucket: 'examplebucket' }, ''],
    [{ bucket: 'examplebucket' }, undefined],
    [{ bucket: 'examplebucket' }, 1],
    // The key would be a bucket's name.
    [{}, 'examplebucket'],
  ])('%j gives no URL for the key %j', (options, key) => {
    const { objectUrl } = s3({ region: 'us-east-1', credentials, ...options })
    expect(() => objectUrl(key as string)).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })

  it.each([undefined, null, 1])('%j is no options', (options) => {
    for (const preset of [s3, spApi])
      expect(() => preset(options as never)).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })

  it.each<Partial<S3Options>>([
    { region: 'auto' },
    { bucket: 1 as never },
    { pathStyle: 'no' as never },
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

  it('takes any key with what stands before the name of the file', () => {
    const key = 'user/$' + '{filename}.part'
    const form = s3PostPolicy({ bucket: 'b', region: 'us-east-1', key, credentials }, contextAt(instant))
    expect(JSON.parse(form.policy).conditions[1]).toEqual(['starts-with', '$key', 'user/'])
    expect(form.fields.key).toBe(key)
  })

  it.each<[string, object]>([
    ['a field that is written here', { fields: { Policy: 'x' } }],
    ['another key among the fields', { fields: { key: 'other' } }],
    ['a field that is no text', { fields: { acl: 1 } }],
    ['a condition that is none', { conditions: ['acl'] }],
    ['a condition without a field', { conditions: [['eq', 'acl', 'private']] }],
    ['a range that is none', { conditions: [['content-length-range', 10, 0]] }],
    ['a region that moves the scope', { region: 'us-east-1/s3' }],
  ])('refuses %s', (_, more) => {
    const options = { bucket: 'b', region: 'us-east-1', key: 'k', credentials, ...more }
    expect(() => s3PostPolicy(options as S3PostPolicyOptions, contextAt(instant))).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })

  it('refuses a clock that is none', () => {
    const options = { bucket: 'b', region: 'us-east-1', key: 'k', credentials }
    expect(() => s3PostPolicy(options, undefined as never)).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
    expect(() => s3PostPolicy(options, { now: () => new Date(Number.NaN) })).toThrow(
      expect.objectContaining({ code: 'EZ_CLOCK_INVALID' }),
    )
  })

  it('refuses a time that S3 would not take', () => {
    const options = { bucket: 'b', region: 'us-east-1', key: 'k', credentials, expiresIn: 604_801 }
    expect(() => s3PostPolicy(options, contextAt(instant))).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})
