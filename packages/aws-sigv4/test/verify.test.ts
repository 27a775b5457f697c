import { inspect } from 'node:util'
import type { AwsSigV4Options } from '@ez/aws-sigv4'
import { type VerifyAwsSigV4Options, verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { Pairs, ResolvedRequest } from '@ez/core'
import { describeVerifier } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { bytes, verifierOptions as options, secretAccessKey, signed } from './support/signing.ts'

const post: Partial<ResolvedRequest> = {
  method: 'POST',
  url: 'https://api.example.com/reports/2021-06-30/reports?b=2&a=1&a=%20x',
  headers: [['content-type', 'application/json']],
  body: bytes('{"a":"é"}'),
}

function withHeader(request: ResolvedRequest, name: string, value: string): ResolvedRequest {
  const headers: Pairs = [...request.headers.filter((pair) => pair[0] !== name), [name, value]]
  return { ...request, headers }
}

function authorizationOf({ headers }: ResolvedRequest): string {
  return headers.find(([name]) => name === 'authorization')?.[1] ?? ''
}

describe('what is signed is accepted', () => {
  it.each<[string, Partial<ResolvedRequest>, Partial<AwsSigV4Options>]>([
    ['a POST', post, {}],
    ['a presigned POST', post, { placement: 'query' }],
    ['a path that is encoded', { url: 'https://api.example.com/a%20b/%2F/@x/c=d' }, {}],
    ['a port', { url: 'https://api.example.com:8443/' }, {}],
    [
      'a session token',
      post,
      { credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken: 'token+/=' } },
    ],
    [
      'an S3 key',
      { url: 'https://b.s3.amazonaws.com/a b+ü=(1)', method: 'PUT', body: bytes('x') },
      { service: 's3' },
    ],
    [
      'an S3 GET, presigned',
      { url: 'https://b.s3.amazonaws.com/k?x=a+b&acl' },
      { service: 's3', placement: 'query' },
    ],
    [
      'a presigned S3 PUT with its hash',
      { url: 'https://b.s3.amazonaws.com/k', method: 'PUT', body: bytes('x') },
      { service: 's3', placement: 'query', payload: 'hash' },
    ],
  ])('%s', async (_, request, signerOptions) => {
    const sent = await signed(request, signerOptions)
    const verified = await verifyAwsSigV4(sent, options)
    expect(verified).toMatchObject({ keyId: 'AKIDEXAMPLE', region: 'us-east-1' })
    const { service, placement, payload } = signerOptions
    const isUnsigned = service === 's3' && placement === 'query' && payload !== 'hash'
    expect(verified.covers.body).toBe(isUnsigned ? 'none' : 'all')
    expect(verified.body).toEqual(isUnsigned ? null : (request.body ?? new Uint8Array()))
  })

  it('as a Request, whose body can still be read', async () => {
    const { method, url, headers, body } = await signed(post)
    const request = new Request(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: body as Uint8Array<ArrayBuffer>,
    })
    const verified = await verifyAwsSigV4(request, options)
    expect(verified.signedNames).toEqual(['content-type', 'host', 'x-amz-date'])
    expect(await request.text()).toBe('{"a":"é"}')
  })

  it('behind a proxy, by the URL that the client called', async () => {
    const sent = await signed(post)
    const behind = { ...sent, url: sent.url.replace('https://api.example.com', 'http://10.0.0.7:3000') }
    await expect(verifyAwsSigV4(behind, options)).rejects.toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
    await expect(verifyAwsSigV4(behind, { ...options, url: sent.url })).resolves.toBeDefined()
  })
})

describe('what differs is refused', () => {
  it.each<[string, (sent: ResolvedRequest) => ResolvedRequest, Partial<VerifyAwsSigV4Options>, string]>([
    ['no signature', (sent) => ({ ...sent, headers: [] }), {}, 'EZ_AUTHORIZATION_MISSING'],
    [
      'an unreadable one',
      (sent) => withHeader(sent, 'authorization', 'AWS4-HMAC-SHA256 x'),
      {},
      'EZ_AUTHORIZATION_INVALID',
    ],
    [
      'two authorizations',
      (sent) => ({ ...sent, headers: [...sent.headers, ['authorization', 'Basic x']] }),
      {},
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'two authorizations that a Request has joined',
      (sent) => withHeader(sent, 'authorization', `${authorizationOf(sent)}, ${authorizationOf(sent)}`),
      {},
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'another scheme joined in front',
      (sent) => withHeader(sent, 'authorization', `Bearer x, ${authorizationOf(sent)}`),
      {},
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'another scheme joined behind',
      (sent) => withHeader(sent, 'authorization', `${authorizationOf(sent)}, Basic x`),
      {},
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'header and query at once',
      (sent) => ({ ...sent, url: `${sent.url}&X-Amz-Signature=0` }),
      {},
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    ['an unknown key', (sent) => sent, { secretFor: () => undefined }, 'EZ_KEY_UNKNOWN'],
    ['another secret', (sent) => sent, { secretFor: () => 'another' }, 'EZ_SIGNATURE_MISMATCH'],
    ['another region', (sent) => sent, { region: 'eu-west-1' }, 'EZ_SCOPE_MISMATCH'],
    ['another service', (sent) => sent, { service: 's3' }, 'EZ_SCOPE_MISMATCH'],
    ['an old request', (sent) => sent, { now: () => new Date('2026-01-15T12:51:01Z') }, 'EZ_CLOCK_SKEW'],
    ['one of the future', (sent) => sent, { now: () => new Date('2026-01-15T12:20:59Z') }, 'EZ_CLOCK_SKEW'],
    ['another method', (sent) => ({ ...sent, method: 'PUT' }), {}, 'EZ_SIGNATURE_MISMATCH'],
    ['another body', (sent) => ({ ...sent, body: bytes('{}') }), {}, 'EZ_SIGNATURE_MISMATCH'],
    [
      'another query',
      (sent) => ({ ...sent, url: sent.url.replace('b=2', 'b=3') }),
      {},
      'EZ_SIGNATURE_MISMATCH',
    ],
    [
      'another path',
      (sent) => ({ ...sent, url: sent.url.replace('reports?', 'report?') }),
      {},
      'EZ_SIGNATURE_MISMATCH',
    ],
    [
      'another content type',
      (sent) => withHeader(sent, 'content-type', 'text/plain'),
      {},
      'EZ_SIGNATURE_MISMATCH',
    ],
    [
      'another date',
      (sent) => withHeader(sent, 'x-amz-date', '20260115T123601Z'),
      {},
      'EZ_SIGNATURE_MISMATCH',
    ],
    [
      'an x-amz-* header that is not signed',
      (sent) => withHeader(sent, 'x-amz-acl', 'public-read'),
      {},
      'EZ_HEADER_UNSIGNED',
    ],
    ['a body that is too large', (sent) => sent, { maxBodyBytes: 5 }, 'EZ_BODY_TOO_LARGE'],
  ])('%s', async (_, change, verifierOptions, code) => {
    const sent = change(await signed(post))
    await expect(verifyAwsSigV4(sent, { ...options, ...verifierOptions })).rejects.toMatchObject({ code })
  })

  it('a body that is not the one of x-amz-content-sha256', async () => {
    const sent = await signed(
      { method: 'PUT', url: 'https://b.s3.amazonaws.com/k', body: bytes('x') },
      { service: 's3' },
    )
    await expect(verifyAwsSigV4({ ...sent, body: bytes('y') }, options)).rejects.toMatchObject({
      code: 'EZ_BODY_MISMATCH',
    })
  })

  it('an unsigned body, unless allowed', async () => {
    const sent = await signed(
      { method: 'PUT', url: 'https://b.s3.amazonaws.com/k', body: bytes('x') },
      { service: 's3', payload: 'unsigned' },
    )
    await expect(verifyAwsSigV4(sent, options)).rejects.toMatchObject({ code: 'EZ_BODY_UNSIGNED' })
    await expect(verifyAwsSigV4(sent, { ...options, allowUnsignedPayload: true })).resolves.toBeDefined()
  })

  it('a presigned URL after its time, or with a repeated parameter', async () => {
    const sent = await signed({}, { placement: 'query', expiresIn: 60 })
    const at = (time: string): VerifyAwsSigV4Options => ({ ...options, now: () => new Date(time) })
    await expect(verifyAwsSigV4(sent, at('2026-01-15T12:36:59Z'))).resolves.toBeDefined()
    await expect(verifyAwsSigV4(sent, at('2026-01-15T12:37:00Z'))).rejects.toMatchObject({
      code: 'EZ_SIGNATURE_EXPIRED',
    })
    const repeated = { ...sent, url: `${sent.url}&x-amz-expires=604800` }
    await expect(verifyAwsSigV4(repeated, options)).rejects.toMatchObject({
      code: 'EZ_AUTHORIZATION_AMBIGUOUS',
    })
  })

  it.each(['header', 'query'] as const)(
    'a repeated x-amz- parameter, whatever it is, signed in the %s',
    async (placement) => {
      const sent = await signed(
        { url: 'https://b.s3.amazonaws.com/k?x-amz-acl=private&X-Amz-Acl=public-read' },
        { placement },
      )
      await expect(verifyAwsSigV4(sent, options)).rejects.toMatchObject({
        code: 'EZ_AUTHORIZATION_AMBIGUOUS',
      })
    },
  )

  it.each([
    ['x-amz-date', ''],
    ['x-amz-security-token', ''],
    ['x-amz-content-sha256', `?X-Amz-Content-Sha256=${'0'.repeat(64)}`],
  ])('a presigned URL with another %s in a signed header', async (name, query) => {
    const headers: Pairs = [[name, 'UNSIGNED-PAYLOAD']]
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken: 'token' }
    const sent = await signed(
      { url: `https://b.s3.amazonaws.com/k${query}`, headers },
      { service: 's3', placement: 'query', credentials },
    )
    await expect(verifyAwsSigV4(sent, options)).rejects.toMatchObject({ code: 'EZ_AUTHORIZATION_AMBIGUOUS' })
  })

  it('shows no token and no key of the client in what it tells', async () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken: 'a-token/of+the=test' }
    const headers: Pairs = [
      ['x-amz-access-token', 'Atza|of-the-test'],
      ['x-amz-server-side-encryption-customer-key', 'a2V5IG9mIHRoZSB0ZXN0'],
    ]
    for (const placement of ['header', 'query'] as const) {
      const sent = await signed({ headers }, { credentials, placement })
      const error: unknown = await verifyAwsSigV4({ ...sent, method: 'PUT' }, options).catch(
        (thrown) => thrown,
      )
      const shown = inspect(error, { depth: 9 })
      expect(shown).toContain('x-amz-access-token:***')
      expect(shown).not.toMatch(/of-the-test|of\+the|of%2Bthe|a2V5IG9m/)
    }
  })

  it('another session token than the key has', async () => {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey, sessionToken: 'one' }
    const sent = await signed(post, { credentials })
    const known = (sessionToken: string): VerifyAwsSigV4Options => ({
      ...options,
      secretFor: () => ({ secretAccessKey, sessionToken }),
    })
    await expect(verifyAwsSigV4(sent, known('one'))).resolves.toBeDefined()
    await expect(verifyAwsSigV4(sent, known('two'))).rejects.toMatchObject({ code: 'EZ_TOKEN_MISMATCH' })
  })
})

describeVerifier({
  request: await signed(post),
  verify: (request, changes) => verifyAwsSigV4(request, { ...options, ...changes }),
  unusableSecrets: [{ secretAccessKey: '' }, { secretAccessKey: null }, 1],
  describe,
  it,
})

it('lets a chunked body fail although nobody reads the request itself', async () => {
  const { url, headers } = await signed(
    { method: 'PUT', url: 'https://b.s3.amazonaws.com/k', body: bytes('x') },
    { service: 's3', payload: 'chunks' },
  )
  const request = new Request(url, {
    method: 'PUT',
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    body: new ReadableStream({ pull: (controller) => controller.enqueue(bytes('no chunk\r\n')) }),
    duplex: 'half',
  } as RequestInit)
  const { body } = await verifyAwsSigV4(request, options)
  await expect(new Response(body as ReadableStream).text()).rejects.toMatchObject({
    code: 'EZ_BODY_MISMATCH',
  })
})

it('reads a chunked Request itself, so that no copy of it piles up, and refuses one that is being read', async () => {
  const sent = await signed(
    { method: 'PUT', url: 'https://b.s3.amazonaws.com/k', body: bytes('x') },
    { service: 's3', payload: 'chunks' },
  )
  const request = (): Request =>
    new Request(sent.url, {
      method: 'PUT',
      headers: sent.headers.map(([name, value]): [string, string] => [name, value]),
      body: sent.body as Uint8Array<ArrayBuffer>,
    })
  const received = request()
  const { body } = await verifyAwsSigV4(received, options)
  expect(await new Response(body as ReadableStream).text()).toBe('x')
  expect(received.bodyUsed).toBe(true)
  const used = request()
  await used.arrayBuffer()
  await expect(verifyAwsSigV4(used, options)).rejects.toMatchObject({ code: 'EZ_BODY_INVALID' })
})
