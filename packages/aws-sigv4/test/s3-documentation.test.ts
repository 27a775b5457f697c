import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { awsSigV4 } from '@ez/aws-sigv4'
import type { ResolvedRequest, SignResult } from '@ez/core'
import { afterAll, describe, expect, it } from 'vitest'
import { publishedVectors } from './support/folders.ts'
import { contextAt } from './support/official-suite.ts'

interface Documented {
  readonly name: string
  readonly canonicalRequest: string
  readonly stringToSign: string
  readonly signature: string
  readonly chunks?: readonly { readonly length: number; readonly signature: string }[]
  readonly trailer?: { readonly canonicalTrailers: string; readonly signature: string }
}

const file = publishedVectors('s3-docs.json')
const suite = file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'))
const cases: readonly Documented[] = suite?.cases ?? []

/** Bodies that the documentation names. */
function bodyOf(one: Documented): Uint8Array | null {
  const hash = one.canonicalRequest.split('\n').at(-1)
  const documented = new TextEncoder().encode('Welcome to Amazon S3.')
  if (hash === createHash('sha256').update(documented).digest('hex')) return documented
  return one.chunks ? new Uint8Array(66_560).fill(97) : null
}

function sign(one: Documented): SignResult {
  const lines = one.canonicalRequest.split('\n')
  const [method = '', path = '', query = ''] = lines
  const pairs = lines.slice(3, -3).map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1)]
  })
  const presigned = query.includes('X-Amz-Algorithm')
  const own = query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-'))
    .join('&')
  const written = new Set([
    'x-amz-date',
    'x-amz-content-sha256',
    'content-encoding',
    'x-amz-decoded-content-length',
    'x-amz-trailer',
  ])
  const signer = awsSigV4({
    service: suite.service,
    region: suite.region,
    credentials: { accessKeyId: suite.accessKeyId, secretAccessKey: suite.secretAccessKey },
    placement: presigned ? 'query' : 'header',
    expiresIn: Number(/X-Amz-Expires=(\d+)/.exec(query)?.[1] ?? 900),
    signedHeaders: (lines.at(-2) ?? '').split(';'),
    ...(one.chunks
      ? { payload: one.trailer ? 'chunks-trailer' : 'chunks', checksum: 'crc32c', chunkSize: 65_536 }
      : {}),
  })
  const request: ResolvedRequest = {
    method,
    url: `https://ignored.example.com${path}${own === '' ? '' : `?${own}`}`,
    headers: pairs.filter(([name]) => !written.has(name)),
    body: bodyOf(one),
  }
  return signer.sign(request, contextAt('2013-05-24T00:00:00Z')) as SignResult
}

describe.runIf(file)("the S3 documentation's examples", () => {
  let passed = 0
  afterAll(() => console.log(`aws-sigv4 S3 documentation: ${passed} passed of ${cases.length}`))

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const { patch, trace } = sign(one)
    expect(trace).toEqual([
      { id: 'canonical-request', value: one.canonicalRequest },
      { id: 'string-to-sign', value: one.stringToSign },
      { id: 'signature', value: one.signature },
    ])
    const text = new TextDecoder().decode((patch.body as Uint8Array | undefined) ?? new Uint8Array())
    // The payload is all "a": what is left are the heads of the chunks and the trailer.
    const frames = text.replaceAll(/a{100,}/g, '')
    const end = one.trailer
      ? `${one.trailer.canonicalTrailers.trim()}\r\nx-amz-trailer-signature:${one.trailer.signature}\r\n\r\n`
      : '\r\n'
    if (one.chunks)
      expect(frames).toBe(
        one.chunks
          .map(({ length, signature }) => `${length.toString(16)};chunk-signature=${signature}\r\n`)
          .join('\r\n') + end,
      )
    const contentLength = /^content-length:(\d+)$/m.exec(one.canonicalRequest)?.[1]
    if (contentLength !== undefined) expect(patch.bodyLength).toBe(Number(contentLength))
    passed += 1
  })
})
