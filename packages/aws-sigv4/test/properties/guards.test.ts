// What a signer refuses rather than to sign something else than what is meant, each limit of the README among it.
import { type AwsSigV4Options, awsSigV4, s3 } from '@ez/aws-sigv4'
import { awsSigV4 as headerSigner } from '@ez/aws-sigv4/header'
import { awsSigV4a } from '@ez/aws-sigv4/v4a'
import { type ConcreteRequest, EzError, secret, signRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { baseOptions, bytes, instant, secretAccessKey } from '../support/signing.ts'

const clock = (): Date => new Date(instant)

async function codeOf(request: ConcreteRequest, options: Partial<AwsSigV4Options>): Promise<string> {
  const error = await signRequest(request, [awsSigV4({ ...baseOptions, ...options })], { clock }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return EzError.isInstance(error) ? error.code : String(error)
}

describe('limits that the README names', () => {
  it.each(['/a/./b', '/a/../b', '/.', '/a/%2e%2e/b'])(
    'a key with the segment of %s cannot be sent',
    async (path) => {
      expect(
        await codeOf({ method: 'GET', url: `https://b.s3.amazonaws.com${path}` }, { service: 's3' }),
      ).toBe('EZ_URL_NOT_SENDABLE')
    },
  )

  it('a stream is signed in chunks or not at all', async () => {
    const stream = (): ReadableStream<Uint8Array> => new Blob(['x']).stream()
    const put = (): ConcreteRequest => ({
      method: 'PUT',
      url: 'https://b.s3.amazonaws.com/k',
      body: stream(),
    })
    expect(await codeOf(put(), { service: 's3' })).toBe('EZ_BODY_UNSIGNABLE')
    expect(await codeOf(put(), { service: 's3', payload: 'chunks' })).toBe('EZ_BODY_UNSIGNABLE')
  })

  it.each(['chunks', 'chunks-trailer', 'unsigned-trailer'] as const)(
    'version 4A and the header entry take no %s, and a URL has none',
    (payload) => {
      const invalid = expect.objectContaining({ code: 'EZ_OPTION_INVALID' })
      const { region: _region, ...rest } = baseOptions
      expect(() => awsSigV4a({ ...rest, service: 's3', regionSet: '*', payload: payload as 'hash' })).toThrow(
        invalid,
      )
      expect(() => headerSigner({ ...baseOptions, service: 's3', payload: payload as 'hash' })).toThrow(
        invalid,
      )
      expect(() => awsSigV4({ ...baseOptions, service: 's3', placement: 'query', payload })).toThrow(invalid)
    },
  )

  it.each<Partial<AwsSigV4Options>>([
    { expiresIn: 0 },
    { expiresIn: 604_801 },
    { expiresIn: 1.5 },
    { chunkSize: 8191 },
    { checksum: 'md5' as 'sha1' },
    { region: 'us/east' },
    { service: 's3,x' },
    { signedHeaders: ['a b'] },
    { placement: 'body' as 'query' },
  ])('%j is refused', (options) => {
    expect(() => awsSigV4({ ...baseOptions, service: 's3', ...options })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })

  it('the URL of an object has a key', () => {
    const { objectUrl } = s3({ ...baseOptions, bucket: 'examplebucket' })
    expect(() => objectUrl('')).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })
})

describe('a body that is aws-chunked already', () => {
  const framed = bytes('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n')
  const put = (headers: Record<string, string>): ConcreteRequest => ({
    method: 'PUT',
    url: 'https://b.s3.amazonaws.com/k',
    headers,
    body: framed,
  })
  const heads: Record<string, string>[] = [
    { 'content-encoding': 'aws-chunked' },
    { 'content-encoding': 'gzip, AWS-Chunked' },
    { 'x-amz-decoded-content-length': '5' },
    { 'x-amz-trailer': 'x-amz-checksum-crc32' },
    { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'x-amz-decoded-content-length': '5' },
  ]
  for (const payload of ['hash', 'unsigned'] as const)
    it.each(heads)(`is not signed as content by its ${payload}: %j`, async (headers) => {
      expect(await codeOf(put(headers), { service: 's3', payload })).toBe('EZ_BODY_UNSIGNABLE')
      expect(await codeOf(put(headers), { service: 's3', payload, placement: 'query' })).toBe(
        'EZ_BODY_UNSIGNABLE',
      )
      expect(await codeOf(put(headers), { service: 's3', payload, contentSha256Header: false })).toBe(
        'EZ_BODY_UNSIGNABLE',
      )
    })

  it('keeps the marker of unsigned frames, and signs their head', async () => {
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '5',
      'x-amz-trailer': 'x-amz-checksum-crc32',
    }
    const signer = awsSigV4({ ...baseOptions, service: 's3', contentSha256Header: false })
    const { trace } = await signRequest(put(headers), [signer], { clock })
    expect(trace.find(({ id }) => id === 'canonical-request')?.value).toMatch(
      /\nSTREAMING-UNSIGNED-PAYLOAD-TRAILER$/,
    )
  })
})

describe('credentials as the AWS SDKs give them', () => {
  const sdk = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey,
    $source: { CREDENTIALS_CODE: 'e' },
    credentialScope: 'us-east-1',
    accountId: '1',
  }
  const url = 'https://api.example.com/'

  it.each<[string, AwsSigV4Options['credentials']]>([
    ['an object', sdk],
    ['a function', () => sdk],
    ['an empty token', { ...sdk, sessionToken: '' }],
    ['a token that is null', { ...sdk, sessionToken: null as unknown as string }],
    ['an empty secret token', { ...sdk, sessionToken: secret('') }],
    ['a function with an empty token', async () => ({ ...sdk, sessionToken: '' })],
  ])('%s signs as the plain key does', async (_, credentials) => {
    const plain = await signRequest({ method: 'GET', url }, [awsSigV4(baseOptions)], { clock })
    const sent = await signRequest({ method: 'GET', url }, [awsSigV4({ ...baseOptions, credentials })], {
      clock,
    })
    expect(sent.headers).toEqual(plain.headers)
  })
})
