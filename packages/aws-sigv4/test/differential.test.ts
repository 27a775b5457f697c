// Ours and the peers' signatures of the same generated requests, as they would be sent.
import { awsSigV4 } from '@ez/aws-sigv4'
import type { ResolvedRequest, SignResult } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'
import { peers } from './support/peers.ts'
import { baseOptions, bytes, instant } from './support/signing.ts'

const runs = 200

const awkward = fc.string({
  unit: fc.constantFrom(...[...'aZ09-._~ +%/=&?#:@!$\'()*,;[]{}|^`<>"\\é☃😀']),
  maxLength: 8,
})
const text = fc.oneof(awkward, fc.string({ unit: 'grapheme', maxLength: 6 }))
const segment = text.map((one) => one.replaceAll('/', '')).filter((one) => one !== '.' && one !== '..')
const spaced = fc
  .array(fc.constantFrom('a', 'b', ' ', '  ', '\t', '"', ','), { maxLength: 8 })
  .map((parts) => parts.join(''))

/** As people write URLs: what need not be encoded is not, and a space of the query is a plus. */
const sparing = {
  path: (one: string) => encodeURIComponent(one).replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent),
  query: (one: string) => encodeURIComponent(one).replaceAll('%20', '+'),
}
const thorough = { path: encodeRfc3986, query: encodeRfc3986 }

const requests = fc
  .record({
    encode: fc.constantFrom(thorough, sparing),
    method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
    segments: fc.array(segment, { maxLength: 4 }),
    query: fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('a', 'b')), text), { maxLength: 5 }),
    meta: spaced,
    body: fc.option(text, { nil: undefined }),
  })
  .map(({ encode, method, segments, query, meta, body }): ResolvedRequest => {
    const sent = body === undefined || body === '' || method === 'GET' ? null : bytes(body)
    const path = `/${segments.map(encode.path).join('/')}`
    const search = query.map((pair) => pair.map(encode.query).join('=')).join('&')
    return {
      method,
      url: `https://host.example.com${path}${search === '' ? '' : `?${search}`}`,
      headers: [
        ['x-amz-meta-a', `x${meta}x`],
        // aws4 adds and signs these two where they are missing.
        ...(sent
          ? [['content-type', 'text/plain'] as const, ['content-length', String(sent.length)] as const]
          : []),
      ],
      body: sent,
    }
  })
  // What fetch would change is refused before it is signed (EZ_URL_NOT_SENDABLE).
  .filter(({ url }) => new URL(url).href === url)

function ours(request: ResolvedRequest, service: string): string {
  const signer = awsSigV4({ ...baseOptions, service, signedHeaders: 'all' })
  const result = signer.sign(request, contextAt(instant)) as SignResult
  return result.trace[2]?.value ?? ''
}

const queryNames = ({ url }: ResolvedRequest): string[] => [...new URL(url).searchParams.keys()]

const pathOf = ({ url }: ResolvedRequest): string => new URL(url).pathname

/** Where a peer is known to be wrong, and why. */
const differences: Readonly<
  Record<string, readonly ((request: ResolvedRequest, service: string) => boolean)[]>
> = {
  '@smithy/signature-v4': [
    // It signs no x-amz-signature parameter and leaves the name out; generated names never are that.
    // It signs the path of S3 as it came; S3 encodes what may stand there as it is, such as "=" (so does Swift's s3api).
    (request, service) => service === 's3' && /[^\w.~%/-]/.test(pathOf(request)),
  ],
  aws4fetch: [
    // Leaves parameters without a name out of the canonical query; they are sent, and AWS signs every pair.
    (request) => queryNames(request).includes(''),
    // In the path of S3 it takes a plus for a space; S3 takes it for a plus (Swift stores "a+b" under that name).
    (request, service) => service === 's3' && pathOf(request).includes('+'),
    // For S3 it signs the first of repeated names alone; S3 sees them all (Swift's s3api refuses it).
    (request, service) => service === 's3' && new Set(queryNames(request)).size < queryNames(request).length,
  ],
  aws4: [
    // Signs a parameter without a name as if it were not there.
    (request) => queryNames(request).includes(''),
    // Both as aws4fetch.
    (request, service) => service === 's3' && pathOf(request).includes('+'),
    (request, service) => service === 's3' && new Set(queryNames(request)).size < queryNames(request).length,
  ],
}

describe.each(Object.keys(peers))('%s', (peer) => {
  it.each(['execute-api', 's3'])('agrees on %s', async (service) => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        if (differences[peer]?.some((isKnown) => isKnown(request, service))) return
        expect(ours(request, service)).toBe(await peers[peer]?.(request, service))
        compared += 1
      }),
      { numRuns: runs, seed: 20260115 },
    )
    console.log(`aws-sigv4 differential: ${peer}, ${service}: ${compared} requests, all equal`)
  })
})

describe('where peers disagree', () => {
  const get = (url: string): ResolvedRequest => ({ method: 'GET', url, headers: [], body: null })
  const cases: [string, ResolvedRequest, string, string[]][] = [
    [
      'AWS signs every occurrence of a repeated name (botocore: "query \'a=2&a=1\'")',
      get('https://host.example.com/?a=2&a=1'),
      's3',
      ['@smithy/signature-v4'],
    ],
    [
      'a pair without a name is sent, so it is signed',
      get('https://host.example.com/?=x'),
      'execute-api',
      ['@smithy/signature-v4'],
    ],
    [
      'S3 decodes the path and encodes it once; smithy signs it as it came, and S3 refuses that for "a=b"',
      get('https://host.example.com/a=b'),
      's3',
      ['aws4fetch', 'aws4'],
    ],
    [
      'a plus in a path is a plus; aws4 and aws4fetch take it for a space, and S3 refuses that',
      get('https://host.example.com/a+b'),
      's3',
      [],
    ],
  ]
  let told = 0
  afterAll(() => console.log(`aws-sigv4 differential: ${told} disagreements explained`))
  it.each(cases)('%s', async (_, request, service, right) => {
    const agreeing = []
    for (const [name, sign] of Object.entries(peers))
      if ((await sign(request, service)) === ours(request, service)) agreeing.push(name)
    expect(agreeing).toEqual(right)
    told += 1
  })
})
