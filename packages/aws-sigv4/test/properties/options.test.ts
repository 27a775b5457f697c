// Each option and each feature of a URL: what is sent is signed as the vendor's own signer signs it, or refused.
import { Sha256 } from '@aws-crypto/sha256-js'
import { type AwsSigV4Options, awsSigV4 } from '@ez/aws-sigv4'
import { type ConcreteRequest, EzError, type PreparedRequest, signRequest } from '@ez/core'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, instant, secretAccessKey } from '../support/signing.ts'

const region = 'us-east-1'
const names = [
  'content-type',
  'user-agent',
  'range',
  'content-md5',
  'x-amz-meta-a',
  'x-custom',
  'cache-control',
]

/** Signs what is sent with `@smithy/signature-v4`, without what our signer wrote. */
async function vendorSignature(
  sent: PreparedRequest,
  options: AwsSigV4Options,
  signed: string[],
): Promise<string> {
  const { service, placement, payload, expiresIn = 900, signSessionToken = true } = options
  const isS3 = service === 's3'
  const {
    accessKeyId,
    secretAccessKey: key,
    sessionToken,
  } = options.credentials as unknown as Record<string, string>
  const url = new URL(sent.url)
  const query: Record<string, string[]> = Object.create(null)
  for (const [name, value] of url.searchParams)
    if (!/^X-Amz-(?!Content-Sha256)/.test(name)) query[name] = [...(query[name] ?? []), value]
  const headers: Record<string, string> = { host: url.host }
  for (const [name, value] of sent.headers)
    if (!['authorization', 'x-amz-date', 'x-amz-security-token'].includes(name)) headers[name] = value
  const isUnsigned = payload === 'unsigned' || (isS3 && placement === 'query' && payload !== 'hash')
  // Where it finds this header, it signs its value in place of a hash, and does not send it with a presigned URL.
  if (isUnsigned) headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
  const signer = new SignatureV4({
    service,
    region,
    credentials: {
      accessKeyId: accessKeyId as string,
      secretAccessKey: key as string,
      ...(sessionToken && signSessionToken ? { sessionToken } : {}),
    },
    sha256: Sha256,
    uriEscapePath: options.doubleEncode ?? !isS3,
    applyChecksum: options.contentSha256Header ?? isS3,
  })
  const request = new HttpRequest({
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: url.pathname,
    method: sent.method,
    query,
    headers,
    body: sent.body,
  })
  const unsignable = new Set(Object.keys(headers).filter((name) => !signed.includes(name)))
  const signableHeaders = new Set(signed)
  const at = { signingDate: new Date(instant), unsignableHeaders: unsignable, signableHeaders }
  if (placement === 'query') {
    const presigned = await signer.presign(request, {
      ...at,
      expiresIn,
      hoistableHeaders: new Set(),
      unhoistableHeaders: new Set(Object.keys(headers)),
    })
    return String(presigned.query?.['X-Amz-Signature'])
  }
  return String((await signer.sign(request, at)).headers.authorization).slice(-64)
}

const part = fc.string({
  unit: fc.constantFrom(
    ...[...'aZ09-._~ +%/=&?#:@!$\'()*,;[]{}|^`<>"\\é☃😀'],
    '%2F',
    '%2f',
    '%C3%BC',
    '%41',
    '//',
    '..',
    '.',
  ),
  maxLength: 6,
})
const encoded = fc.tuple(part, fc.boolean()).map(([text, raw]) => (raw ? text : encodeURIComponent(text)))

interface Generated {
  readonly method: string
  readonly origin: string
  readonly path: string
  readonly query: readonly (readonly [string, string | null])[]
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | undefined
}

const requests: fc.Arbitrary<Generated> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
  origin: fc.constantFrom(
    'https://host.example.com',
    'https://Host.Example.com:443',
    'http://host.example.com:8080',
    'https://[::1]:8443',
  ),
  path: fc.array(encoded, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  query: fc.array(fc.tuple(fc.oneof(encoded, fc.constantFrom('a', 'b')), fc.option(encoded, { nil: null })), {
    maxLength: 4,
  }),
  headers: fc.array(
    fc.tuple(
      fc.constantFrom(...names),
      fc.constantFrom('x', 'a  b', ' padded ', '"a, b"', 'text/plain; charset=utf-8'),
    ),
    { maxLength: 5 },
  ),
  body: fc.option(
    fc.oneof(fc.constant(''), fc.constant('{"a":1}'), fc.string({ unit: 'grapheme', maxLength: 8 })),
    { nil: undefined },
  ),
})

const options: fc.Arbitrary<AwsSigV4Options> = fc.record(
  {
    service: fc.constantFrom('execute-api', 's3', 'es', 'glacier'),
    region: fc.constant(region),
    credentials: fc.constantFrom(
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
      { accessKeyId: 'ASIAEXAMPLE', secretAccessKey, sessionToken: 'token+/=' },
    ),
    placement: fc.constantFrom('header' as const, 'query' as const),
    expiresIn: fc.constantFrom(1, 900, 604_800),
    payload: fc.constantFrom('hash' as const, 'unsigned' as const),
    signedHeaders: fc.constantFrom('all' as const, [], ['x-custom'], ['User-Agent', 'cache-control']),
  },
  { requiredKeys: ['service', 'region', 'credentials', 'signedHeaders'] },
)

function concrete({ method, origin, path, query, headers, body }: Generated): ConcreteRequest {
  const search = query.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join('&')
  return {
    method,
    url: `${origin}${path}${search === '' ? '' : `?${search}`}`,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    ...(body === undefined ? {} : { body: bytes(body) }),
  }
}

// Not from the trace, which masks what makes a URL a key.
function signatureOf({ url, headers }: PreparedRequest): string {
  const authorization = headers.find(([name]) => name === 'authorization')?.[1] ?? url
  return /Signature=([0-9a-f]{64})/.exec(authorization)?.[1] ?? ''
}

const queryNames = (url: string): string[] => [...new URL(url).searchParams.keys()]

describe('what is sent is signed as @smithy/signature-v4 signs it, or refused with a code', () => {
  it.each([1, 2, 3])('over options, URLs, headers and bodies (%i)', async (seed) => {
    const counts = { equal: 0, refused: 0, apart: 0 }
    await fc.assert(
      fc.asyncProperty(requests, options, async (generated, chosen) => {
        let sent: PreparedRequest
        try {
          sent = await signRequest(concrete(generated), [awsSigV4(chosen)], {
            clock: () => new Date(instant),
          })
        } catch (error) {
          expect(EzError.isInstance(error), String(error)).toBe(true)
          counts.refused += 1
          return
        }
        // It leaves parameters without a name, and its own names, out of the canonical query; AWS signs every pair.
        if (
          queryNames(sent.url).some(
            (name) => name === '' || (/^x-amz-signature$/i.test(name) && name !== 'X-Amz-Signature'),
          )
        ) {
          counts.apart += 1
          return
        }
        const stage = (id: string): string => sent.trace.find((one) => one.id === id)?.value ?? ''
        const signed = stage('canonical-request').split('\n').at(-2)?.split(';') ?? []
        expect(
          await vendorSignature(sent, chosen, signed),
          `${sent.method} ${sent.url}\n${stage('canonical-request')}`,
        ).toBe(signatureOf(sent))
        counts.equal += 1
      }),
      { numRuns: 150, seed },
    )
    console.log(
      `aws-sigv4 options: ${counts.equal} equal, ${counts.refused} refused, ${counts.apart} apart (seed ${seed})`,
    )
    expect(counts.equal).toBeGreaterThan(20)
  })
})
