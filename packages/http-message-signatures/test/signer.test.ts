import { type ResolvedRequest, signRequest } from '@ez/core'
import { describeSigner, requestOf, type SignedPart, type Vector } from '@ez/core/testing'
import {
  createSignatureBase,
  type HttpMessageSignaturesOptions,
  httpMessageSignatures,
  parseComponent,
  provider,
} from '@ez/http-message-signatures'
import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import { describe, expect, it } from 'vitest'
import file from '../vectors/rfc9421.json' with { type: 'json' }
import { publicKey } from './keys.ts'

const vectors = file as unknown as Vector[]
const now = new Date('2021-04-20T02:07:53Z')

describeSigner(provider, vectors, {
  credentials: ['key'],
  bodies: 'selective covered components, RSA-PSS',
  verify: (request) =>
    verifyHttpMessageSignatures(request, { secretFor: publicKey, requiredComponents: [], now }),
  signs({ options }): readonly SignedPart[] {
    const components = options.components as string[]
    const parts: Readonly<Record<string, SignedPart>> = {
      '@method': 'method',
      '@path': 'path',
      '@query': 'query',
      'content-digest': 'body',
    }
    return components.map((name): SignedPart => parts[name] ?? `header:${name}`)
  },
  describe,
  it,
})

describe('the published signatures', () => {
  it.each(vectors.map((vector) => [vector.source, vector] as const))('%s verifies', async (_, vector) => {
    const request = requestOf(vector)
    const headers = { ...Object.fromEntries(request.headers), ...vector.expected.headers }
    const verified = await verifyHttpMessageSignatures(
      { ...request, headers: Object.entries(headers) },
      { secretFor: publicKey, requiredComponents: [], now },
    )
    expect(verified).toMatchObject({ keyId: vector.options.keyId, label: vector.options.label })
  })
})

describe('what proxies may change (RFC 9421 appendix B.4)', () => {
  const vector = vectors.find(({ source }) => source.endsWith('B.4')) as Vector
  const request = requestOf(vector)
  const signature = Object.entries(vector.expected.headers)
  const verify = (changes: Partial<ResolvedRequest>) =>
    verifyHttpMessageSignatures(
      { ...request, headers: [...request.headers, ...signature], ...changes },
      { secretFor: publicKey, requiredComponents: ['@method'], now },
    )
  const url = 'https://example.org/demo?name1=Value1&Name2=value2'

  it.each<[string, Partial<ResolvedRequest>]>([
    [
      'a query parameter and a header added',
      {
        url: `${url}&param=added`,
        headers: [...request.headers, ...signature, ['accept-language', 'en-US,en;q=0.5']],
      },
    ],
    [
      'the date removed, a referer added',
      {
        headers: [
          ['referer', 'https://developer.example.org/demo'],
          ['accept', 'application/json, */*'],
          ...signature,
        ],
      },
    ],
    [
      'a header in two lines',
      {
        headers: [['accept', 'application/json'], ['accept', '*/*'], ...signature],
      },
    ],
  ])('%s: it holds', async (_, changes) => {
    await expect(verify(changes)).resolves.toMatchObject({ keyId: 'test-key-ed25519' })
  })

  it.each<[string, Partial<ResolvedRequest>]>([
    ['another method and authority', { method: 'POST', url: url.replace('.org', '.com') }],
    [
      'the two lines in another order',
      { headers: [['accept', '*/*'], ['accept', 'application/json'], ...signature] },
    ],
  ])('%s: it is refused', async (_, changes) => {
    await expect(verify(changes)).rejects.toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
  })
})

describe('components', () => {
  const message = {
    method: 'GET',
    url: 'https://www.example.com/path?param=value&foo=bar&baz=batman&qux=&a+b=c%21d+~',
    headers: [
      ['x-list', 'one,  two'],
      ['x-dictionary', ' a=1,    b=2;x=1;y=2,   c=(a   b   c), d'],
    ] as [string, string][],
    fieldTypes: { 'x-list': 'list', 'x-dictionary': 'dictionary' } as const,
  }
  // RFC 9421 sections 2.1.3 and 2.2.
  it.each([
    ['@method', 'GET'],
    ['@target-uri', message.url],
    ['@authority', 'www.example.com'],
    ['@scheme', 'https'],
    ['@request-target', '/path?param=value&foo=bar&baz=batman&qux=&a+b=c%21d+~'],
    ['@path', '/path'],
    ['@query', '?param=value&foo=bar&baz=batman&qux=&a+b=c%21d+~'],
    ['"@query-param";name="baz"', 'batman'],
    ['"@query-param";name="qux"', ''],
    ['"@query-param";name="a%20b"', 'c%21d%20%7E'],
    ['x-list', 'one,  two'],
    ['"x-list";bs', ':b25lLCAgdHdv:'],
    ['"x-list";sf', 'one, two'],
    ['"x-dictionary";sf', 'a=1, b=2;x=1;y=2, c=(a b c), d'],
    // RFC 9421 section 2.1.2.
    ['"x-dictionary";key="a"', '1'],
    ['"x-dictionary";key="d"', '?1'],
    ['"x-dictionary";key="b"', '2;x=1;y=2'],
    ['"x-dictionary";key="c"', '(a b c)'],
  ])('%s is %j', (component, value) => {
    const identifier = component.startsWith('"') ? component : `"${component}"`
    expect(createSignatureBase(message, [parseComponent(component)], '()')).toBe(
      `${identifier}: ${value}\n"@signature-params": ()`,
    )
  })

  it.each([
    '@status',
    '@unknown',
    'Content-Type',
    '@query-param',
    '"accept";tr',
    '"accept";req',
    '"accept";bs;sf',
    '"a";key=b',
    '"@path";sf',
    '"a";name="b"',
    '"@path";bs',
    '',
  ])('%j is refused', (component) => {
    expect(() => parseComponent(component)).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
  })

  it.each(['content-type', '"@query-param";name="none"'])('%s is missed', async (component) => {
    const signer = httpMessageSignatures({ algorithm: 'hmac-sha256', key: 'a2V5', components: [component] })
    await expect(signRequest({ method: 'GET', url: 'https://example.com/' }, [signer])).rejects.toMatchObject(
      {
        code: 'EZ_COMPONENT_MISSING',
      },
    )
  })
})

describe('options', () => {
  const base: HttpMessageSignaturesOptions = { algorithm: 'hmac-sha256', key: 'a2V5' }
  it.each<[string, unknown, string]>([
    ['an unknown algorithm', { ...base, algorithm: 'md5' }, 'EZ_OPTION_INVALID'],
    ['a label in upper case', { ...base, label: 'Sig' }, 'EZ_OPTION_INVALID'],
    ['a component twice', { ...base, components: ['@method', '@method'] }, 'EZ_OPTION_INVALID'],
    ['the signature itself', { ...base, components: ['signature'] }, 'EZ_OPTION_INVALID'],
    ['a key id with a line break', { ...base, keyId: 'a\nb' }, 'EZ_OPTION_INVALID'],
    ['no time at all', { ...base, expiresIn: 0 }, 'EZ_OPTION_INVALID'],
    ['a shared key that is not base64', { ...base, key: 'key!' }, 'EZ_CREDENTIAL_INVALID'],
    ['a PEM that is none', { algorithm: 'ed25519', key: 'MC4CAQAw' }, 'EZ_CREDENTIAL_INVALID'],
    ['a JWK that is no JSON', { algorithm: 'ed25519', key: '{' }, 'EZ_CREDENTIAL_INVALID'],
  ])('%s is refused', (_, options, code) => {
    expect(() => httpMessageSignatures(options as HttpMessageSignaturesOptions)).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('a key of another algorithm is refused when it signs', async () => {
    const key = vectors.find(({ options }) => options.algorithm === 'ed25519')?.options.key as string
    const signer = httpMessageSignatures({ algorithm: 'ecdsa-p256-sha256', key })
    await expect(signRequest({ method: 'GET', url: 'https://example.com/' }, [signer])).rejects.toMatchObject(
      {
        code: 'EZ_CREDENTIAL_INVALID',
      },
    )
  })
})
