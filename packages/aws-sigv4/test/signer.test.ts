import {
  type AwsSigV4Options,
  awsSigV4,
  createCanonicalRequest,
  createSigningScope,
  deriveSigningKey,
  provider,
} from '@ez/aws-sigv4'
import { awsSigV4a, deriveSigV4aKey } from '@ez/aws-sigv4/v4a'
import { type ResolvedRequest, type SignResult, secret } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const base: AwsSigV4Options = { service: 'execute-api', region: 'us-east-1', credentials }
const context = contextAt('2026-01-15T12:36:00Z')
const get: ResolvedRequest = { method: 'GET', url: 'https://api.example.com/', headers: [], body: null }

function stage(result: SignResult | Promise<SignResult>, id: string): string {
  return (result as SignResult).trace.find((entry) => entry.id === id)?.value ?? ''
}

describe('options', () => {
  it.each<[string, unknown, string]>([
    ['an unknown name', { ...base, regoin: 'x' }, 'EZ_OPTION_INVALID'],
    ['no region', { ...base, region: undefined }, 'EZ_OPTION_INVALID'],
    ['a region with a slash', { ...base, region: 'us/east' }, 'EZ_OPTION_INVALID'],
    ['no secret', { ...base, credentials: { accessKeyId: 'A' } }, 'EZ_CREDENTIAL_MISSING'],
    [
      'an empty secret',
      { ...base, credentials: { accessKeyId: 'A', secretAccessKey: '' } },
      'EZ_CREDENTIAL_MISSING',
    ],
    ['no credentials', { ...base, credentials: undefined }, 'EZ_OPTION_INVALID'],
    ['a long expiry', { ...base, expiresIn: 604_801 }, 'EZ_OPTION_INVALID'],
    ['half a second', { ...base, expiresIn: 0.5 }, 'EZ_OPTION_INVALID'],
    ['another placement', { ...base, placement: 'body' }, 'EZ_OPTION_INVALID'],
    ['headers that are no names', { ...base, signedHeaders: [1] }, 'EZ_OPTION_INVALID'],
    ['two header names in one', { ...base, signedHeaders: ['accept, range'] }, 'EZ_OPTION_INVALID'],
  ])('%s is refused', (_, options, code) => {
    expect(() => awsSigV4(options as AwsSigV4Options)).toThrow(expect.objectContaining({ code }))
  })

  it('are what the provider describes', () => {
    expect(provider.id).toBe('aws-sigv4')
    expect(provider.create(base)).toMatchObject({ specVersion: 1, id: 'aws-sigv4' })
  })
})

describe('credentials', () => {
  it('may be marked secret, and are named for masking', () => {
    const marked = {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: secret(credentials.secretAccessKey),
      sessionToken: secret('token'),
    }
    const result = awsSigV4({ ...base, credentials: marked }).sign(get, context) as SignResult
    expect(result.secrets).toEqual([credentials.secretAccessKey, 'token'])
    expect(result.patch.headers['x-amz-security-token']).toBe('token')
  })

  it('may be a function, synchronous or not', async () => {
    const expected = stage(awsSigV4(base).sign(get, context), 'signature')
    expect(stage(awsSigV4({ ...base, credentials: () => credentials }).sign(get, context), 'signature')).toBe(
      expected,
    )
    const later = awsSigV4({ ...base, credentials: async () => credentials }).sign(get, context)
    expect(stage(await later, 'signature')).toBe(expected)
  })

  it('are read anew: a secret that changes under the same key id changes the signature', () => {
    let secretAccessKey = 'one'
    const signer = awsSigV4({ ...base, credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey }) })
    const first = stage(signer.sign(get, context), 'signature')
    secretAccessKey = 'two'
    expect(stage(signer.sign(get, context), 'signature')).not.toBe(first)
    secretAccessKey = 'one'
    expect(stage(signer.sign(get, context), 'signature')).toBe(first)
  })

  it('of a function are refused when one is missing', () => {
    const signer = awsSigV4({ ...base, credentials: () => ({ accessKeyId: 'A', secretAccessKey: '' }) })
    expect(() => signer.sign(get, context)).toThrow(
      expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }),
    )
  })
})

it('credentials may be any thenable', async () => {
  const thenable = { then: (resolve: (value: unknown) => void) => resolve(credentials) }
  const signer = awsSigV4({ ...base, credentials: () => thenable as unknown as Promise<typeof credentials> })
  const expected = stage(awsSigV4(base).sign(get, context), 'signature')
  expect(stage(await signer.sign(get, context), 'signature')).toBe(expected)
})

describe('a hash that the caller sends in x-amz-content-sha256', () => {
  const hash = 'ab'.repeat(32)
  const request: ResolvedRequest = {
    ...get,
    method: 'PUT',
    headers: [['x-amz-content-sha256', hash]],
    body: new ReadableStream(),
  }

  it('is what the service reads, so it is signed: a stream whose hash is known', () => {
    const canonicalRequest = stage(awsSigV4(base).sign(request, context), 'canonical-request')
    expect(canonicalRequest.split('\n').at(-1)).toBe(hash)
    expect(canonicalRequest).toContain(`x-amz-content-sha256:${hash}\n`)
  })

  it('gives way where the signer sends its own', () => {
    expect(() => awsSigV4({ ...base, service: 's3' }).sign(request, context)).toThrow(
      expect.objectContaining({ code: 'EZ_BODY_UNSIGNABLE' }),
    )
  })
})

describe('what is written', () => {
  it.each<[Partial<AwsSigV4Options>, string[]]>([
    [{}, ['authorization', 'x-amz-date']],
    [{ service: 's3' }, ['authorization', 'x-amz-content-sha256', 'x-amz-date']],
    [{ service: 's3', contentSha256Header: false }, ['authorization', 'x-amz-date']],
    [{ payload: 'unsigned' }, ['authorization', 'x-amz-content-sha256', 'x-amz-date']],
  ])('%j → %j, all of it declared', (options, names) => {
    const signer = awsSigV4({ ...base, ...options })
    const { patch } = signer.sign(get, context) as SignResult
    expect(Object.keys(patch.headers).sort()).toEqual(names)
    expect(signer.writes.headers).toEqual(expect.arrayContaining(names))
  })

  it('in the query is declared too', () => {
    for (const service of ['s3', 'execute-api']) {
      const signer = awsSigV4({ ...base, service, placement: 'query', payload: 'hash' })
      const { patch } = signer.sign(get, context) as SignResult
      expect(signer.writes.query).toEqual(expect.arrayContaining(patch.query.map(([name]) => name)))
    }
  })

  it('signs the allow-list and what the caller names, no header that proxies rewrite', () => {
    const request: ResolvedRequest = {
      ...get,
      headers: [
        ['accept-encoding', 'gzip'],
        ['content-md5', 'x'],
        ['content-type', 'text/plain'],
        ['range', 'bytes=0-9'],
        ['user-agent', 'ez'],
        ['x-amz-meta-a', '1'],
        ['x-request-id', '7'],
      ],
    }
    const canonicalRequest = stage(
      awsSigV4({ ...base, signedHeaders: ['X-Request-Id'] }).sign(request, context),
      'canonical-request',
    )
    expect(canonicalRequest.split('\n').at(-2)).toBe(
      'content-md5;content-type;host;range;x-amz-date;x-amz-meta-a;x-request-id',
    )
  })

  it('uses the clock with its offset, across midnight', () => {
    const signer = awsSigV4({ ...base, clockOffsetMs: -60_000 })
    const dateOf = (instant: string): string | undefined =>
      (signer.sign(get, contextAt(instant)) as SignResult).patch.headers['x-amz-date']
    expect(dateOf('2026-01-15T12:36:00.999Z')).toBe('20260115T123500Z')
    expect(dateOf('2026-01-16T00:00:30Z')).toBe('20260115T235930Z')
    expect(dateOf('2026-01-16T00:01:00Z')).toBe('20260116T000000Z')
    expect(() => dateOf('no instant')).toThrow(expect.objectContaining({ code: 'EZ_CLOCK_INVALID' }))
  })

  it('never a signature of a stream whose bytes it has not seen', () => {
    const request: ResolvedRequest = { ...get, method: 'PUT', body: new ReadableStream() }
    expect(() => awsSigV4(base).sign(request, context)).toThrow(
      expect.objectContaining({ code: 'EZ_BODY_UNSIGNABLE' }),
    )
    expect(() => awsSigV4({ ...base, payload: 'unsigned' }).sign(request, context)).not.toThrow()
  })
})

describe('the URL of S3', () => {
  const canonicalUrl = awsSigV4({ ...base, service: 's3' }).canonicalUrl as (url: string) => string

  it.each([
    ['/a=b', '/a%3Db'],
    ['/a@b:c', '/a%40b%3Ac'],
    ["/it's(1)!*", '/it%27s%281%29%21%2A'],
    ['/a%3db', '/a%3Db'],
    ['/%7Ea', '/~a'],
    ['/%41', '/A'],
    ['/a+b', '/a%2Bb'],
    ['/a%2Fb', '/a/b'],
    ['/a//b/', '/a//b/'],
    ['/100%25', '/100%25'],
    ['/%FF', '/%FF'],
    ['/k?acl', '/k?acl'],
    ['/k?b=x%2fy&a=1+2&a=,', '/k?b=x%2Fy&a=1%202&a=%2C'],
    ['/?a', '/?a'],
    ['?a', '/?a'],
    ['', '/'],
    ['/k?', '/k?'],
  ])('%s is sent as %s', (written, sent) => {
    const url = canonicalUrl(`https://bucket.s3.amazonaws.com${written}`)
    expect(url).toBe(`https://bucket.s3.amazonaws.com${sent}`)
    expect(canonicalUrl(url)).toBe(url)
    expect(new URL(url).href).toBe(url)
  })

  it.each(['/./x', '/a/../b', '/a/%2e%2e/b', '/a%2F..%2Fb', '/.', '/..'])('%s is refused', (path) => {
    expect(() => canonicalUrl(`https://bucket.s3.amazonaws.com${path}`)).toThrow(
      expect.objectContaining({ code: 'EZ_URL_NOT_SENDABLE' }),
    )
  })

  it('is signed as it is sent', () => {
    const signer = awsSigV4({ ...base, service: 's3' })
    const url = canonicalUrl('https://bucket.s3.amazonaws.com/ä b+c=d')
    const canonicalRequest = stage(signer.sign({ ...get, url }, context), 'canonical-request')
    expect(canonicalRequest.split('\n')[1]).toBe(new URL(url).pathname)
  })
})

describe('the stages', () => {
  const scope = createSigningScope(new Date('2026-01-15T12:36:00Z'), 'us-east-1', 's3')

  it.each([new Date(Number.NaN), new Date(-1), undefined, '2026-01-15'])(
    '%s is no instant of a scope',
    (instant) => {
      expect(() => createSigningScope(instant as Date, 'us-east-1', 's3')).toThrow(
        expect.objectContaining({ code: 'EZ_CLOCK_INVALID' }),
      )
    },
  )

  it('derive a key from a value that is marked secret as from its text', () => {
    const { secretAccessKey } = credentials
    expect(deriveSigningKey(secret(secretAccessKey), scope)).toEqual(deriveSigningKey(secretAccessKey, scope))
    expect(deriveSigV4aKey('A', secret(secretAccessKey))).toEqual(deriveSigV4aKey('A', secretAccessKey))
  })

  it.each([undefined, '', 1, {}])('derive none from %j', (given) => {
    for (const derive of [
      () => deriveSigningKey(given as string, scope),
      () => deriveSigV4aKey('A', given as string),
    ])
      expect(derive).toThrow(expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }))
  })

  // AWS IoT's MQTT over WebSocket is called by such URLs; the client sends the host without the port.
  it.each([
    ['wss://example.com:443/mqtt', 'host:example.com\n'],
    ['ws://example.com:80/mqtt', 'host:example.com\n'],
    ['wss://example.com:8443/mqtt', 'host:example.com:8443\n'],
  ])('know the default port of %s', (url, line) => {
    const path = { normalizePath: true, doubleEncode: true, decodeSlash: false }
    const { text } = createCanonicalRequest({
      method: 'GET',
      url,
      headers: [],
      payloadHash: '',
      signedHeaders: new Set(),
      path,
    })
    expect(text).toContain(line)
  })
})

it.each([undefined, null, 1])('%j is no options of version 4A', (options) => {
  expect(() => awsSigV4a(options as never)).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
})
