// What services accept beyond the plain form, what a result says of it, and what a request may cost before its key is known.
import {
  awsSigV4,
  createCanonicalRequest,
  createSignature,
  createSigningScope,
  createStringToSign,
  deriveSigningKey,
} from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { Pairs, ResolvedRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import {
  baseOptions,
  bytes,
  instant,
  secretAccessKey,
  signed,
  signedBy,
  verifierOptions,
} from '../support/signing.ts'

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Signs whatever it is told to, as some client would. */
function signedAs(
  service: string,
  request: Partial<ResolvedRequest>,
  { names, payloadHash = emptyHash, url }: { names: string[]; payloadHash?: string; url?: string },
): ResolvedRequest {
  const whole: ResolvedRequest = {
    method: 'GET',
    url: 'https://host.example.com/',
    headers: [],
    body: null,
    ...request,
  }
  const scope = createSigningScope(new Date(instant), 'us-east-1', service)
  const isS3 = service === 's3'
  const { text, signedHeaders } = createCanonicalRequest({
    method: whole.method,
    url: url ?? whole.url,
    headers: whole.headers.filter(([name]) => names.includes(name.toLowerCase())),
    payloadHash,
    signedHeaders: 'all',
    path: { normalizePath: !isS3, doubleEncode: !isS3, decodeSlash: isS3 },
  })
  const signature = createSignature(deriveSigningKey(secretAccessKey, scope), createStringToSign(text, scope))
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope.text}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  return { ...whole, headers: [...whole.headers, ['authorization', authorization]] }
}

const dates = [
  'Thu, 15 Jan 2026 12:36:00 GMT',
  'Thu, 15 Jan 2026 12:36:00 -0000',
  '20260115T123600Z',
  'Thu, 15 Jan 2026 13:36:00 +0100',
]

describe('a date in place of x-amz-date', () => {
  it.each(dates)('%s serves when it is signed', async (date) => {
    const sent = signedAs('execute-api', { headers: [['Date', date]] }, { names: ['date'] })
    expect(await verifyAwsSigV4(sent, verifierOptions)).toMatchObject({
      signedAt: new Date(instant),
      signedNames: ['date', 'host'],
    })
  })

  it.each(dates)('%s is refused when it is not signed', async (date) => {
    const sent = signedAs('execute-api', { headers: [['Date', date]] }, { names: [] })
    await expect(verifyAwsSigV4(sent, verifierOptions)).rejects.toMatchObject({ code: 'EZ_HEADER_UNSIGNED' })
  })

  it('one that is no date is refused, and x-amz-date goes before it', async () => {
    const odd = signedAs('execute-api', { headers: [['Date', '2026']] }, { names: ['date'] })
    await expect(verifyAwsSigV4(odd, verifierOptions)).rejects.toMatchObject({
      code: 'EZ_AUTHORIZATION_INVALID',
    })
    const headers: Pairs = [
      ['Date', 'Mon, 01 Jan 2024 00:00:00 GMT'],
      ['x-amz-date', '20260115T123600Z'],
    ]
    const both = signedAs('execute-api', { headers }, { names: ['date', 'x-amz-date'] })
    expect((await verifyAwsSigV4(both, verifierOptions)).signedAt).toEqual(new Date(instant))
  })
})

describe('the hash of the body, sent and not signed by name', () => {
  const body = bytes('{"a":1}')
  const hash = '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862'
  const headers: Pairs = [
    ['x-amz-date', '20260115T123600Z'],
    ['x-amz-content-sha256', hash],
  ]

  it('is covered by its value, which is the line of the payload', async () => {
    const sent = signedAs(
      'es',
      { method: 'POST', headers, body },
      { names: ['x-amz-date'], payloadHash: hash },
    )
    const { covers } = await verifyAwsSigV4(sent, verifierOptions)
    expect(covers).toMatchObject({ body: 'all', headers: ['host', 'x-amz-date', 'x-amz-content-sha256'] })
    const changed = sent.headers.map(
      ([name, value]) => [name, name === 'x-amz-content-sha256' ? emptyHash : value] as const,
    )
    await expect(
      verifyAwsSigV4({ ...sent, headers: changed, body: null }, verifierOptions),
    ).rejects.toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
    await expect(verifyAwsSigV4({ ...sent, body: bytes('{"a":2}') }, verifierOptions)).rejects.toMatchObject({
      code: 'EZ_BODY_MISMATCH',
    })
  })

  it('every other header of AWS must be signed', async () => {
    const sent = signedAs(
      'es',
      { headers: [...headers, ['x-amz-acl', 'private']] },
      { names: ['x-amz-date'], payloadHash: hash },
    )
    await expect(verifyAwsSigV4(sent, verifierOptions)).rejects.toMatchObject({ code: 'EZ_HEADER_UNSIGNED' })
  })
})

describe('the path', () => {
  const names = ['x-amz-date', 'x-amz-content-sha256']
  const headers: Pairs = [
    ['x-amz-date', '20260115T123600Z'],
    ['x-amz-content-sha256', emptyHash],
  ]

  it.each([
    ['s3', '/b/a+b', '/b/a%20b', '/b/a%20b'],
    ['s3', '/b/a+b', '/b/a%2Bb', '/b/a%2Bb'],
    ['s3', '/b//x/./y', '/b//x/./y', '/b//x/./y'],
    ['s3', '/b/a=b%2fc', '/b/a%3Db%2Fc', '/b/a%3Db/c'],
    ['execute-api', '/a//b/../c', '/a/c', '/a/c'],
    ['execute-api', '/a%20b/', '/a%20b/', '/a%20b/'],
    ['execute-api', '/%2e%2e/a', '/%2e%2e/a', '/%2e%2e/a'],
  ])('%s: %s that was signed as %s is given back as %s', async (service, sentPath, signedPath, path) => {
    const url = `https://host.example.com${sentPath}`
    const sent = signedAs(service, { url, headers }, { names, url: `https://host.example.com${signedPath}` })
    expect((await verifyAwsSigV4(sent, verifierOptions)).path).toBe(path)
  })

  it('a raw plus is no third thing', async () => {
    const sent = signedAs(
      's3',
      { url: 'https://host.example.com/b/a+b', headers },
      { names, url: 'https://host.example.com/b/ab' },
    )
    await expect(verifyAwsSigV4(sent, verifierOptions)).rejects.toMatchObject({
      code: 'EZ_SIGNATURE_MISMATCH',
    })
  })

  it('a URL beside another host is refused, unless the caller says which was called', async () => {
    const sent = await signed({ url: 'https://good.example/a' })
    const headers: Pairs = [...sent.headers, ['Host', 'good.example']]
    const smuggled = { ...sent, url: 'https://evil.example/a', headers }
    await expect(verifyAwsSigV4(smuggled, verifierOptions)).rejects.toMatchObject({
      code: 'EZ_AUTHORIZATION_AMBIGUOUS',
    })
    expect(
      await verifyAwsSigV4(smuggled, { ...verifierOptions, url: 'https://good.example/a' }),
    ).toMatchObject({ path: '/a' })
  })
})

describe('a session token that is added after signing', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken: 'token+/=' }
  const options = {
    ...verifierOptions,
    secretFor: () => ({ secretAccessKey, sessionToken: 'token+/=' }),
    signSessionToken: false,
  }

  it.each(['header', 'query'] as const)('is taken with the same option, in the %s', async (placement) => {
    const sent = await signedBy(
      awsSigV4({ ...baseOptions, credentials, placement, signSessionToken: false }),
      { method: 'POST', body: bytes('x') },
    )
    const { covers } = await verifyAwsSigV4(sent, options)
    expect(covers.headers).not.toContain('x-amz-security-token')
    if (placement === 'query')
      expect(covers.query).toEqual([
        'X-Amz-Algorithm',
        'X-Amz-Credential',
        'X-Amz-Date',
        'X-Amz-SignedHeaders',
        'X-Amz-Expires',
      ])
    await expect(verifyAwsSigV4(sent, { ...options, signSessionToken: true })).rejects.toMatchObject({
      code: placement === 'header' ? 'EZ_HEADER_UNSIGNED' : 'EZ_SIGNATURE_MISMATCH',
    })
    const other = { ...options, secretFor: () => ({ secretAccessKey, sessionToken: 'another' }) }
    await expect(verifyAwsSigV4(sent, other)).rejects.toMatchObject({ code: 'EZ_TOKEN_MISMATCH' })
  })
})

describe('refusals', () => {
  it('say how far the clock is behind, and what was computed', async () => {
    const sent = await signed({ method: 'POST', body: bytes('x') })
    const later = { ...verifierOptions, now: new Date(Date.parse(instant) + 3_600_000) }
    await expect(verifyAwsSigV4(sent, later)).rejects.toMatchObject({
      code: 'EZ_CLOCK_SKEW',
      details: { clockOffsetMs: 3_600_000 },
    })
    await expect(verifyAwsSigV4({ ...sent, method: 'PUT' }, verifierOptions)).rejects.toMatchObject({
      code: 'EZ_SIGNATURE_MISMATCH',
      details: {
        stages: {
          'canonical-request': expect.stringMatching(/^PUT\n/),
          'string-to-sign': expect.stringMatching(/^AWS4/),
        },
      },
    })
  })

  it.each([
    ['x-amz-checksum-crc32', 'NhCmhg=='],
    // As rclone sends it over http: UNSIGNED-PAYLOAD beside a signed digest.
    ['content-md5', 'XUFAKrxLKna5cZ2REBfFkg=='],
  ])('of an unsigned body compare the %s that was signed', async (name, digest) => {
    const headers: Pairs = [[name, digest]]
    const sent = await signed(
      { method: 'PUT', headers, body: bytes('hello') },
      { service: 's3', payload: 'unsigned' },
    )
    const allowed = { ...verifierOptions, allowUnsignedPayload: true }
    expect(await verifyAwsSigV4(sent, allowed)).toMatchObject({
      body: null,
      covers: { body: 'none' },
      unsignedBody: bytes('hello'),
    })
    await expect(verifyAwsSigV4({ ...sent, body: bytes('jello') }, allowed)).rejects.toMatchObject({
      code: 'EZ_BODY_MISMATCH',
    })
  })

  it('of a look-up that throws, and of a body that breaks off, are coded', async () => {
    const sent = await signed({ method: 'POST', body: bytes('x') })
    const failing = { ...verifierOptions, secretFor: () => Promise.reject(new Error('no database')) }
    await expect(verifyAwsSigV4(sent, failing)).rejects.toMatchObject({ code: 'EZ_OPTION_INVALID' })
    const broken = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) })
    await expect(verifyAwsSigV4({ ...sent, body: broken() }, verifierOptions)).rejects.toMatchObject({
      code: 'EZ_BODY_INVALID',
    })
    const chunks = await signed({ method: 'PUT', body: bytes('x') }, { service: 's3', payload: 'chunks' })
    const { body } = await verifyAwsSigV4({ ...chunks, body: broken() }, verifierOptions)
    await expect((body as ReadableStream).getReader().read()).rejects.toMatchObject({
      code: 'EZ_BODY_INVALID',
    })
  })
})

describe('cost', () => {
  it('the body is not touched before the key is known', async () => {
    const sent = await signed({ method: 'POST', body: bytes('x') })
    const untouched = new ReadableStream<Uint8Array>(
      {
        pull() {
          throw new Error('it was read')
        },
      },
      { highWaterMark: 0 },
    )
    await expect(
      verifyAwsSigV4({ ...sent, body: untouched }, { ...verifierOptions, secretFor: () => undefined }),
    ).rejects.toMatchObject({ code: 'EZ_KEY_UNKNOWN' })
    expect(untouched.locked).toBe(false)
  })

  const long = (count: number): Record<string, Partial<ResolvedRequest>> => ({
    'a long path': { url: `https://host.example.com/${'a%20/'.repeat(count)}` },
    'many parameters': { url: `https://host.example.com/?${'a=%20+&'.repeat(count)}` },
    'many headers': {
      headers: Array.from({ length: count }, (_, index) => [`x-amz-meta-${index}`, 'a'] as const),
    },
    'one header many times': { headers: Array.from({ length: count }, () => ['x-amz-meta-a', 'a'] as const) },
    'a header of blanks': { headers: [['x-amz-meta-a', `a${' '.repeat(count)}b${'\t'.repeat(count)}`]] },
    'an authorization of blanks': {
      headers: [['authorization', `AWS4-HMAC-SHA256 ${' '.repeat(count)}, ${','.repeat(count)}`]],
    },
  })

  it.each(Object.keys(long(1)))(
    '%s: eight times the size takes no more than thirty times as long',
    async (what) => {
      const cost = async (count: number): Promise<number> => {
        const request = long(count)[what] as Partial<ResolvedRequest>
        const sent = what.startsWith('an authorization')
          ? { method: 'GET', url: 'https://host.example.com/', headers: [], body: null, ...request }
          : await signed({ method: 'GET', ...request }, { signedHeaders: 'all' })
        let best = Number.POSITIVE_INFINITY
        for (let round = 0; round < 7; round += 1) {
          const start = performance.now()
          await verifyAwsSigV4(sent, verifierOptions).catch(() => undefined)
          best = Math.min(best, performance.now() - start)
        }
        return best
      }
      // Quadratic reading would take 64 times as long; what a busy machine adds is taken away by the best of seven.
      const small = Math.max(0.2, await cost(500))
      expect((await cost(4000)) / small).toBeLessThan(30)
    },
  )
})
