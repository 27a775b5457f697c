// Against a real S3 server that verifies; start one with test/swift/swift.sh, or name one in EZ_S3_ENDPOINT.
import { randomBytes } from 'node:crypto'
import { type AwsSigV4Options, awsSigV4 } from '@ez/aws-sigv4'
import { type ConcreteRequest, diagnose, signRequest } from '@ez/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytes, secretAccessKey } from './support/signing.ts'

const endpoint = process.env.EZ_S3_ENDPOINT
const bucket = `${endpoint}/ez-${process.pid}-${Date.now().toString(36)}`
const options: AwsSigV4Options = {
  service: 's3',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE:ez', secretAccessKey },
}

let calls = 0
async function send(
  method: string,
  path: string,
  more: Partial<ConcreteRequest> = {},
  signer: Partial<AwsSigV4Options> = {},
): Promise<Response> {
  const request = { method, url: `${bucket}${path}`, ...more }
  const prepared = await signRequest(request, [awsSigV4({ ...options, ...signer })])
  calls += 1
  return fetch(prepared.toRequest())
}

/** As a person would write a key in a URL: only what separates is encoded. */
const written = (key: string): string =>
  key.replaceAll(/[%?#]/g, (character) => encodeURIComponent(character))

const characters = [...' !"#$%&\'()*+,-.:;<=>?@[\\]^_`{|}~'].map((character) => `a${character}b`)
const keys = [
  ...characters,
  'ü',
  'é\u0301',
  '☃',
  '😀',
  'a/b/c',
  'a//b',
  'a/',
  'a b+c=d',
  '100%',
  '%41',
  '%2F',
  '%7Ea',
  'a%20b',
  '...',
  'a/.../b',
  '.hidden',
  'trailing.',
  "it's(1)!*",
  '@connections/abc=',
  'a=b@c:d,e;f$g&h',
  'x'.repeat(600),
]

describe.runIf(endpoint !== undefined)('a real S3 server', () => {
  beforeAll(async () => {
    expect((await send('PUT', '')).status).toBe(200)
  })
  afterAll(() => console.log(`aws-sigv4 S3 server: ${calls} signed calls`))

  it.each(keys)('stores, reads and deletes the key %s, under that very name', async (key) => {
    const body = randomBytes(64)
    expect((await send('PUT', `/${written(key)}`, { body })).status).toBe(200)
    const encoded = encodeURIComponent(key)
    const read = await send('GET', `/${encoded}`)
    expect(read.status).toBe(200)
    expect(Buffer.from(await read.arrayBuffer()).equals(body)).toBe(true)
    const list = await (await send('GET', '?list-type=2&encoding-type=url')).text()
    const names = [...list.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) =>
      decodeURIComponent((match[1] ?? '').replaceAll('+', ' ')),
    )
    expect(names).toEqual([key])
    const presigned = await send('GET', `/${encoded}`, {}, { placement: 'query', expiresIn: 60 })
    expect(Buffer.from(await presigned.arrayBuffer()).equals(body)).toBe(true)
    const head = await send('HEAD', `/${encoded}`)
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '64'])
    expect((await send('DELETE', `/${encoded}`)).status).toBe(204)
    expect((await send('GET', `/${encoded}`)).status).toBe(404)
  })

  it('lists by prefix and delimiter, with every way to write a space or a plus', async () => {
    await send('PUT', '/a%20b/1', { body: 'x' })
    await send('PUT', '/a%2Bb/1', { body: 'x' })
    for (const [prefix, expected] of [
      ['a%20b', 'a b/'],
      ['a+b', 'a b/'],
      ['a%2Bb', 'a+b/'],
    ]) {
      const response = await send('GET', `?prefix=${prefix}&delimiter=/&list-type=2`)
      expect(response.status).toBe(200)
      expect(await response.text()).toContain(`<Prefix>${expected}</Prefix>`)
    }
    await send('DELETE', '/a%20b/1')
    await send('DELETE', '/a%2Bb/1')
  })

  it('uploads in parts', async () => {
    const started = await (await send('POST', '/parts?uploads')).text()
    const uploadId = /<UploadId>([^<]*)</.exec(started)?.[1] ?? ''
    const etags = []
    for (const partNumber of [1, 2]) {
      const body = new Uint8Array(partNumber === 1 ? 5 * 1024 * 1024 : 10).fill(partNumber)
      const response = await send(
        'PUT',
        `/parts?partNumber=${partNumber}&uploadId=${encodeURIComponent(uploadId)}`,
        { body },
      )
      expect(response.status).toBe(200)
      etags.push(response.headers.get('etag'))
    }
    const parts = etags.map(
      (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
    )
    const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
    const done = await send('POST', `/parts?uploadId=${encodeURIComponent(uploadId)}`, {
      body,
      headers: { 'content-type': 'application/xml' },
    })
    expect(await done.text()).toContain('CompleteMultipartUploadResult')
    expect((await send('HEAD', '/parts')).headers.get('content-length')).toBe(String(5 * 1024 * 1024 + 10))
    await send('DELETE', '/parts')
  })

  it('takes a session of 100 objects, with metadata, ranges and unsigned and presigned uploads', async () => {
    for (let index = 0; index < 100; index += 1) {
      const signer: Partial<AwsSigV4Options> =
        [{}, { payload: 'unsigned' as const }, { placement: 'query' as const }][index % 3] ?? {}
      const headers = { 'content-type': 'text/plain', 'x-amz-meta-index': `  ${index}  ${index} ` }
      const put = await send('PUT', `/session/${index}`, { body: `object ${index}`, headers }, signer)
      expect(put.status).toBe(200)
      const part = await send('GET', `/session/${index}`, { headers: { range: 'bytes=0-5' } })
      expect([part.status, await part.text()]).toEqual([206, 'object'])
    }
    const list = await (await send('GET', '?prefix=session/&max-keys=1000')).text()
    expect(list.match(/<Key>/g)).toHaveLength(100)
    for (let index = 0; index < 100; index += 1) await send('DELETE', `/session/${index}`)
  })

  it.each(['chunks', 'chunks-trailer', 'unsigned-trailer'] as const)(
    'takes %s, or says that it cannot',
    async (payload) => {
      const response = await send(
        'PUT',
        '/chunked',
        { body: new Uint8Array(20_000) },
        { payload, chunkSize: 8192 },
      )
      // Swift before 2.35 has no streaming modes.
      expect([200, 501]).toContain(response.status)
      if (response.status === 501) return
      expect((await (await send('GET', '/chunked')).arrayBuffer()).byteLength).toBe(20_000)
      await send('DELETE', '/chunked')
    },
  )

  it.each<[string, Partial<AwsSigV4Options>, string, string]>([
    [
      'a wrong secret',
      { credentials: { accessKeyId: 'AKIDEXAMPLE:ez', secretAccessKey: 'wrong' } },
      'SignatureDoesNotMatch',
      'credential|signature-mismatch',
    ],
    [
      'an unknown key',
      { credentials: { accessKeyId: 'NOBODY:ez', secretAccessKey } },
      'InvalidAccessKeyId|SignatureDoesNotMatch',
      'credential|signature-mismatch',
    ],
    ['a wrong region', { region: 'eu-west-1' }, 'AuthorizationHeaderMalformed', 'wrong-region'],
    [
      'a wrong service',
      { service: 's3-outposts' },
      'AuthorizationHeaderMalformed',
      'wrong-region|signature-mismatch',
    ],
    ['a stale clock', { clockOffsetMs: -3_600_000 }, 'RequestTimeTooSkewed', 'clock-skew'],
    ['a path encoded twice', { doubleEncode: true }, 'SignatureDoesNotMatch', 'signature-mismatch'],
  ])('refuses %s, and the diagnosis says why', async (_, wrong, code, cause) => {
    const signer = awsSigV4({ ...options, ...wrong })
    const prepared = await signRequest({ method: 'PUT', url: `${bucket}/a%20b`, body: 'x' }, [signer])
    const response = await fetch(prepared.toRequest())
    expect(response.status).toBeGreaterThanOrEqual(400)
    const body = new Uint8Array(await response.arrayBuffer())
    expect(new TextDecoder().decode(body)).toMatch(new RegExp(`<Code>(${code})</Code>`))
    const snapshot = { status: response.status, headers: [...response.headers], body }
    expect(diagnose(snapshot, prepared, [signer])?.diagnosis.cause).toMatch(new RegExp(`^(${cause})$`))
  })

  it('refuses a body, a query or a header that was changed after signing', async () => {
    const prepared = await signRequest(
      { method: 'PUT', url: `${bucket}/k`, body: 'good', headers: { 'x-amz-meta-a': '1' } },
      [awsSigV4(options)],
    )
    const headers = [...prepared.headers] as [string, string][]
    const tampered: [string, RequestInit][] = [
      [prepared.url, { method: 'PUT', headers, body: 'evil' }],
      [`${prepared.url}?acl`, { method: 'PUT', headers, body: 'good' }],
      [
        prepared.url,
        { method: 'PUT', headers: { ...Object.fromEntries(headers), 'x-amz-meta-a': '2' }, body: 'good' },
      ],
    ]
    for (const [url, init] of tampered) expect((await fetch(url, init)).status).toBeGreaterThanOrEqual(400)
    expect((await fetch(prepared.url, { method: 'PUT', headers, body: bytes('good') })).status).toBe(200)
    await send('DELETE', '/k')
  })

  it('refuses a presigned URL after its time', async () => {
    const signer: Partial<AwsSigV4Options> = { placement: 'query', expiresIn: 60, clockOffsetMs: -120_000 }
    expect((await send('GET', '', {}, signer)).status).toBe(403)
  })
})
