import { type AwsSigV4Options, awsSigV4 } from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { type ResolvedRequest, signRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { baseOptions, bytes, instant, signed, verifierOptions } from './support/signing.ts'

const url = 'https://bucket.s3.amazonaws.com/key'
const modes = ['chunks', 'chunks-trailer', 'unsigned-trailer'] as const
const checksums = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const
const options = { ...verifierOptions, allowUnsignedPayload: true }

function pattern(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff)
}

/** A stream of the data in pieces of the given sizes, over and over, empty ones too. */
function streamOf(data: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  let position = 0
  let turn = 0
  return new ReadableStream({
    pull(controller) {
      if (position >= data.length) return controller.close()
      const size = sizes[turn++ % sizes.length] ?? 1
      controller.enqueue(data.subarray(position, position + size))
      position += size
    },
  })
}

async function collect(body: unknown): Promise<Uint8Array> {
  return new Uint8Array(await new Response(body as BodyInit).arrayBuffer())
}

function s3(payload: (typeof modes)[number], more: Partial<AwsSigV4Options> = {}): Partial<AwsSigV4Options> {
  return { service: 's3', payload, chunkSize: 8192, ...more }
}

describe.each(modes)('%s', (payload) => {
  it.each([0, 1, 8191, 8192, 8193, 30_000])(
    '%i bytes arrive as they were, the length as announced',
    async (length) => {
      const body = pattern(length)
      const sent = await signed({ method: 'PUT', url, body }, s3(payload))
      expect((sent.body as Uint8Array).length).toBe(sent.bodyLength)
      expect(Object.fromEntries(sent.headers)).toMatchObject({
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': String(length),
      })
      const verified = await verifyAwsSigV4(sent, options)
      expect(await collect(verified.body ?? verified.unsignedBody)).toEqual(body)
    },
  )

  it.each([[[1]], [[8192]], [[3000, 0, 20_000]], [[100_000]]])(
    'a stream in pieces of %j is encoded like its bytes',
    async (sizes) => {
      const body = pattern(30_000)
      const whole = await signed({ method: 'PUT', url, body }, s3(payload))
      const streamed = await signed(
        { method: 'PUT', url, body: streamOf(body, sizes), bodyLength: body.length },
        s3(payload),
      )
      expect(streamed.bodyLength).toBe(whole.bodyLength)
      expect(await collect(streamed.body)).toEqual(whole.body)
    },
  )

  it.each([29_999, 30_001])(
    'a stream that was announced with %i bytes and has 30000 errors',
    async (bodyLength) => {
      const sent = await signed(
        { method: 'PUT', url, body: streamOf(pattern(30_000), [9000]), bodyLength },
        s3(payload),
      )
      await expect(collect(sent.body)).rejects.toMatchObject({ code: 'EZ_BODY_LENGTH' })
    },
  )
})

it.each(checksums)('the trailing checksum %s is taken by the verifier', async (checksum) => {
  for (const payload of ['chunks-trailer', 'unsigned-trailer'] as const) {
    const sent = await signed({ method: 'PUT', url, body: pattern(20_000) }, s3(payload, { checksum }))
    expect(Object.fromEntries(sent.headers)['x-amz-trailer']).toBe(`x-amz-checksum-${checksum}`)
    const verified = await verifyAwsSigV4(sent, options)
    expect(await collect(verified.body ?? verified.unsignedBody)).toEqual(pattern(20_000))
  }
})

it.each(checksums)('a body that is not of its trailing checksum %s is refused', async (checksum) => {
  const sent = await signed(
    { method: 'PUT', url, body: pattern(20_000) },
    s3('unsigned-trailer', { checksum }),
  )
  const body = Uint8Array.from(sent.body as Uint8Array)
  body[100] = (body[100] as number) ^ 1
  const verified = await verifyAwsSigV4({ ...sent, body }, options)
  await expect(collect(verified.body ?? verified.unsignedBody)).rejects.toMatchObject({
    code: 'EZ_BODY_MISMATCH',
  })
})

it('crc64nvme is the same bit by bit, for every length up to three steps of the tables', async () => {
  for (let length = 0; length <= 24; length += 1) {
    const body = pattern(length)
    let crc = 0xffffffffffffffffn
    for (const octet of body) {
      crc ^= BigInt(octet)
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n
    }
    const expected = Buffer.from((crc ^ 0xffffffffffffffffn).toString(16).padStart(16, '0'), 'hex')
    const sent = await signed({ method: 'PUT', url, body }, s3('unsigned-trailer', { checksum: 'crc64nvme' }))
    expect(Buffer.from(sent.body as Uint8Array).toString('latin1')).toContain(
      `x-amz-checksum-crc64nvme:${expected.toString('base64')}\r\n`,
    )
  }
})

it.each([
  // "123456789" has check values in the CRC catalogue; the digests are of openssl.
  ['crc32', 'y/Q5Jg=='],
  ['crc32c', '4waSgw=='],
  ['crc64nvme', 'rosUhgp5mIg='],
  ['sha1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
  ['sha256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
] as const)('%s of "123456789" is %s', async (checksum, expected) => {
  const sent = await signed(
    { method: 'PUT', url, body: bytes('123456789') },
    s3('unsigned-trailer', { checksum }),
  )
  expect(new TextDecoder().decode(sent.body as Uint8Array)).toBe(
    `9\r\n123456789\r\n0\r\nx-amz-checksum-${checksum}:${expected}\r\n\r\n`,
  )
})

describe('a chunked body that was changed', () => {
  const signature = /[0-9a-f]{64}/
  it.each<[string, (typeof modes)[number], (text: string) => string]>([
    ['a byte of the first chunk', 'chunks', (text) => text.replace('aaaa', 'aaab')],
    ['a byte of the last chunk', 'chunks', (text) => text.replace(/a(?=\r\n0;)/, 'b')],
    ['a signature', 'chunks', (text) => text.replace(signature, '0'.repeat(64))],
    ['a chunk left out', 'chunks', (text) => text.replace(/2000;[^\r]*\r\na{8192}\r\n/, '')],
    [
      'chunks in another order',
      'chunks',
      (text) => text.replace(/(2000;[^\r]*\r\na{8192}\r\n)(2000;[^\r]*\r\na{8192}\r\n)/, '$2$1'),
    ],
    ['the last chunk cut off', 'chunks', (text) => text.slice(0, text.lastIndexOf('0;'))],
    ['something appended', 'chunks', (text) => `${text}x`],
    ['another checksum', 'chunks-trailer', (text) => text.replace('crc32:', 'crc32:A')],
    [
      'another trailer signature',
      'chunks-trailer',
      (text) => text.replace(/trailer-signature:.{4}/, 'trailer-signature:0000'),
    ],
    [
      'no trailer',
      'chunks-trailer',
      (text) => text.replace(/x-amz-checksum[^\r]*\r\nx-amz-trailer[^\r]*\r\n/, ''),
    ],
    ['no chunk signatures', 'chunks', (text) => text.replaceAll(/;chunk-signature=[0-9a-f]{64}/g, '')],
    ['a byte, with an unsigned checksum', 'unsigned-trailer', (text) => text.replace('aaaa', 'aaab')],
  ])('%s: the decoded stream errors', async (_, payload, change) => {
    const sent = await signed({ method: 'PUT', url, body: bytes('a'.repeat(20_000)) }, s3(payload))
    const text = new TextDecoder().decode(sent.body as Uint8Array)
    expect(change(text)).not.toBe(text)
    const verified = await verifyAwsSigV4({ ...sent, body: bytes(change(text)) }, options)
    await expect(collect(verified.body ?? verified.unsignedBody)).rejects.toMatchObject({
      code: 'EZ_BODY_MISMATCH',
    })
  })

  it('is refused at once when its signature covers nothing of it, unless allowed', async () => {
    const sent = await signed({ method: 'PUT', url, body: bytes('a') }, s3('unsigned-trailer'))
    await expect(verifyAwsSigV4(sent, verifierOptions)).rejects.toMatchObject({ code: 'EZ_BODY_UNSIGNED' })
  })
})

describe('what cannot be sent in chunks', () => {
  const put: Partial<ResolvedRequest> = { method: 'PUT', url, body: bytes('a') }
  it.each<[string, Partial<ResolvedRequest>]>([
    ['no body', { ...put, body: null }],
    ['a stream of unknown length', { ...put, body: streamOf(bytes('a'), [1]) }],
    ...[-1, 1.5, Number.NaN, '1' as never].map((bodyLength): [string, Partial<ResolvedRequest>] => [
      `a stream of ${String(bodyLength)} bytes`,
      { ...put, body: streamOf(bytes('a'), [1]), bodyLength },
    ]),
    ['a body that is chunked already', { ...put, headers: [['content-encoding', 'aws-chunked']] }],
  ])('%s', async (_, request) => {
    await expect(signed(request, s3('chunks'))).rejects.toMatchObject({ code: 'EZ_BODY_UNSIGNABLE' })
  })

  it.each<Partial<AwsSigV4Options>>([
    { placement: 'query' },
    { chunkSize: 100 },
    { checksum: 'md5' as 'crc32' },
    // Nothing would tell the server that there are chunks.
    { contentSha256Header: false },
  ])('%j is refused when the signer is made', (more) => {
    expect(() => awsSigV4({ ...baseOptions, ...s3('chunks', more) })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })
})

it("keeps the body's own content coding, and drops the length that no longer holds", async () => {
  const signer = awsSigV4({ ...baseOptions, ...s3('chunks') } as AwsSigV4Options)
  const prepared = await signRequest(
    { method: 'PUT', url, headers: { 'content-encoding': 'gzip', 'content-length': '3' }, body: 'abc' },
    [signer],
    { clock: () => new Date(instant) },
  )
  const headers = Object.fromEntries(prepared.headers)
  expect(headers['content-encoding']).toBe('aws-chunked,gzip')
  expect(headers['content-length']).toBeUndefined()
  expect(await collect((await verifyAwsSigV4(prepared, options)).body)).toEqual(bytes('abc'))
})

it('lets a stream of the wrong length error although it is one branch of a forked one', async () => {
  const [body] = streamOf(pattern(30_000), [9000]).tee()
  const sent = await signed({ method: 'PUT', url, body, bodyLength: 100 }, s3('chunks'))
  await expect(collect(sent.body)).rejects.toMatchObject({ code: 'EZ_BODY_LENGTH' })
})

it.each([['text'], [new ArrayBuffer(4)], [[1, 2, 3, 4]], [null]])(
  'a stream that gives %j in place of bytes errors',
  async (piece) => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(piece)
        controller.close()
      },
    })
    const sent = await signed({ method: 'PUT', url, body, bodyLength: 4 }, s3('chunks'))
    await expect(collect(sent.body)).rejects.toMatchObject({ code: 'EZ_BODY_INVALID' })
  },
)

describe('the head of a chunked upload', () => {
  /** Signed as it is, so that only what it says can be wrong. */
  const withHead = (
    marker: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<ResolvedRequest> =>
    signed(
      {
        method: 'PUT',
        url,
        headers: Object.entries({ 'x-amz-content-sha256': marker, ...headers }),
        body: bytes(body),
      },
      { service: 's3', contentSha256Header: false },
    )
  const trailing = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  const body = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n'
  const head = { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }

  it('is taken as it should be', async () => {
    const { unsignedBody: decoded } = await verifyAwsSigV4(await withHead(trailing, head, body), options)
    expect(await collect(decoded)).toEqual(bytes('hello'))
  })

  it.each<[string, string, Record<string, string>]>([
    ...['0x5', '5e0', '5.0', '', '-5', '99999999999999999999'].map(
      (length): [string, string, Record<string, string>] => [
        `a length of ${JSON.stringify(length)}`,
        trailing,
        { ...head, 'x-amz-decoded-content-length': length },
      ],
    ),
    ['a trailer that is no checksum', trailing, { ...head, 'x-amz-trailer': 'constructor' }],
  ])('%s is refused', async (_, marker, headers) => {
    await expect(verifyAwsSigV4(await withHead(marker, headers, body), options)).rejects.toMatchObject({
      code: 'EZ_AUTHORIZATION_INVALID',
    })
  })

  it('unsigned chunks without a trailer are refused', async () => {
    const sent = await withHead(trailing, head, body)
    const headers = sent.headers.map(([name, value]) => [name, value.replace('-TRAILER', '')] as const)
    await expect(verifyAwsSigV4({ ...sent, headers }, options)).rejects.toMatchObject({
      code: 'EZ_AUTHORIZATION_INVALID',
    })
  })

  it('a trailer that does not end is refused', async () => {
    const endless = body.replace(/\r\n\r\n$/, `\r\n${'x-amz-trailer-signature:0\r\n'.repeat(3)}\r\n`)
    const { unsignedBody: decoded } = await verifyAwsSigV4(await withHead(trailing, head, endless), options)
    await expect(collect(decoded)).rejects.toMatchObject({ code: 'EZ_BODY_MISMATCH' })
  })
})
