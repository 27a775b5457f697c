import { EzError, type ResolvedRequest, type SignContext, type Signer } from '@ez/core'
import { describeVerifier } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { netsuiteOAuth1, type OAuth1Options, oauth1, type SignatureMethod } from '../src/index.ts'
import { type VerifyOAuth1Options, verifyOAuth1 } from '../src/verify/verify.ts'
import { fixed, formHeaders, request } from './requests.ts'
import { sealed } from './seal.ts'

const pair = await crypto.subtle.generateKey(
  { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
  true,
  ['sign', 'verify'],
)

async function pem(kind: string, format: 'pkcs8' | 'spki', key: CryptoKey): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.exportKey(format, key))
  return `-----BEGIN ${kind}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${kind}-----\n`
}

const privateKey = await pem('PRIVATE KEY', 'pkcs8', pair.privateKey)
const publicKey = await pem('PUBLIC KEY', 'spki', pair.publicKey)
const context = fixed(1_700_000_000, 'kllo9940pd9333jh')
const credentials = { consumerKey: 'key', consumerSecret: 's&c=r%t', token: 'tok', tokenSecret: 'tök' }
const now = (): Date => new Date(1_700_000_000_000)

function send(
  signer: Signer,
  unsigned: ResolvedRequest,
  at: SignContext = context,
): Promise<ResolvedRequest> {
  return sealed(signer, unsigned, at)
}

function verify(signed: Request | ResolvedRequest, options: Partial<VerifyOAuth1Options> = {}) {
  return verifyOAuth1(signed, {
    secretFor: () => ({ consumerSecret: 's&c=r%t', tokenSecret: 'tök', publicKey }),
    now,
    allowPlaintext: true,
    ...options,
  })
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  return EzError.isInstance(error) ? error.code : String(error)
}

const methods: SignatureMethod[] = [
  'HMAC-SHA1',
  'HMAC-SHA256',
  'HMAC-SHA512',
  'RSA-SHA1',
  'RSA-SHA256',
  'RSA-SHA512',
  'PLAINTEXT',
]
const form = request(
  'POST',
  'https://api.example.com/a%20b/!x?z=1&a=%2B+&a=',
  'b=2&a=%E2%98%83&c=x+y&d',
  formHeaders,
)

describe.each(methods)('%s', (signatureMethod) => {
  const secret = signatureMethod.startsWith('RSA') ? { consumerSecret: privateKey } : {}
  const placements = ['header', 'query', 'form'] as const
  it.each(placements)('is verified with the parameters in the %s', async (placement) => {
    const options: OAuth1Options = {
      ...credentials,
      ...secret,
      signatureMethod,
      placement,
      realm: 'a "realm"',
      extraParameters: [['role', '3 %']],
    }
    const verified = await verify(await send(oauth1(options), form))
    expect(verified).toMatchObject({ keyId: 'key', token: 'tok' })
    if (signatureMethod === 'PLAINTEXT')
      expect(verified).toMatchObject({ signedNames: [], covers: { body: 'none' } })
    else expect(verified.signedNames).toContain('role')
    if (placement === 'header') expect(verified.realm).toBe('a "realm"')
  })

  it.each([null, '', '{"a":1}'])('is verified with the hash of the body %s', async (body) => {
    const signer = oauth1({ ...credentials, ...secret, signatureMethod, bodyHash: true })
    const signed = await send(signer, request('PUT', 'https://api.example.com/', body))
    const { body: verified, covers } = await verify(signed)
    expect(covers.body).toBe(signatureMethod === 'PLAINTEXT' ? 'none' : 'all')
    expect(verified === null).toBe(signatureMethod === 'PLAINTEXT')
    expect(await codeOf(verify({ ...signed, body: new Uint8Array([1]) }))).toBe('EZ_BODY_MISMATCH')
  })
})

describe('the verifier', () => {
  const signer = oauth1({ ...credentials, signatureMethod: 'HMAC-SHA256' })

  it('takes a Request', async () => {
    const signed = await send(signer, request('GET', 'https://api.example.com/x?a=1'))
    const verified = await verify(new Request(signed.url, { headers: Object.fromEntries(signed.headers) }))
    expect(verified.signedNames[0]).toBe('a')
    expect(verified.body).toBeNull()
  })

  it.each<[string, (signed: ResolvedRequest) => Partial<ResolvedRequest>]>([
    ['method', () => ({ method: 'PUT' })],
    ['path', ({ url }) => ({ url: url.replace('!x', '!y') })],
    ['query', ({ url }) => ({ url: `${url}&b=1` })],
    ['form', () => ({ body: new TextEncoder().encode('b=3') })],
  ])('refuses another %s', async (_, change) => {
    const signed = await send(signer, form)
    expect(await codeOf(verify({ ...signed, ...change(signed) }))).toBe('EZ_SIGNATURE_MISMATCH')
  })

  it('refuses another key, an unknown key, a stale clock and a used nonce', async () => {
    const signed = await send(signer, form)
    expect(await codeOf(verify(signed, { secretFor: () => ({ consumerSecret: 'x' }) }))).toBe(
      'EZ_SIGNATURE_MISMATCH',
    )
    expect(await codeOf(verify(signed, { secretFor: () => undefined }))).toBe('EZ_KEY_UNKNOWN')
    expect(await codeOf(verify(signed, { now: () => new Date(1_700_000_301_000) }))).toBe('EZ_CLOCK_SKEW')
    expect(await codeOf(verify(signed, { nonceSeen: () => true }))).toBe('EZ_NONCE_SEEN')
    expect(await codeOf(verify(signed, { maxBodyBytes: 3 }))).toBe('EZ_BODY_TOO_LARGE')
    expect(await codeOf(verify(signed, { signatureMethods: ['HMAC-SHA1'] }))).toBe('EZ_ALGORITHM_REFUSED')
  })

  it('refuses PLAINTEXT unless told otherwise', async () => {
    const signed = await send(oauth1({ ...credentials, signatureMethod: 'PLAINTEXT' }), form)
    expect(await codeOf(verify(signed, { allowPlaintext: false }))).toBe('EZ_ALGORITHM_REFUSED')
  })

  it('refuses two authorizations and repeated parameters', async () => {
    const signed = await send(signer, form)
    expect(await codeOf(verify({ ...signed, headers: [...signed.headers, ...signed.headers] }))).toBe(
      'EZ_AUTHORIZATION_AMBIGUOUS',
    )
    expect(await codeOf(verify({ ...signed, url: `${signed.url}&oauth_nonce=1` }))).toBe(
      'EZ_AUTHORIZATION_AMBIGUOUS',
    )
    const doubled = signed.headers.map(([name, value]) => [name, `${value}, oauth_nonce="1"`] as const)
    expect(await codeOf(verify({ ...signed, headers: [...formHeaders, ...doubled.slice(1)] }))).toBe(
      'EZ_AUTHORIZATION_INVALID',
    )
    expect(await codeOf(verify(form))).toBe('EZ_AUTHORIZATION_MISSING')
  })
})

describe('the NetSuite signer', () => {
  const options = {
    accountId: '1234567-sb1',
    consumerKey: 'key',
    consumerSecret: 's&c=r%t',
    tokenId: 'tok',
    tokenSecret: 'tök',
  }
  const suiteQl = request(
    'POST',
    'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=10&offset=0',
    '{}',
  )

  it('puts the realm in its own form and signs the query', async () => {
    const signed = await send(netsuiteOAuth1(options), suiteQl)
    expect(signed.headers[0]?.[1]).toMatch(
      /^OAuth realm="1234567_SB1", oauth_consumer_key="key", oauth_nonce="kllo9940pd9333jh"/,
    )
    expect(signed.headers[0]?.[1]).not.toContain('limit')
    const verified = await verify(signed, { signatureMethods: ['HMAC-SHA256'] })
    expect(verified).toMatchObject({ realm: '1234567_SB1', body: null })
    expect(verified.signedNames).toEqual(expect.arrayContaining(['limit', 'offset']))
  })

  it('takes credentials from a function', async () => {
    const signer = netsuiteOAuth1({ credentials: async () => options })
    expect((await verify(await send(signer, suiteQl))).keyId).toBe('key')
  })

  it.each([
    'https://1234567.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql',
    'https://7654321-sb1.restlets.api.netsuite.com/app/site/hosting/restlet.nl',
  ])('refuses the URL of another account: %s', (url) => {
    expect(() => netsuiteOAuth1(options).sign(request('POST', url), context)).toThrow(
      expect.objectContaining({ code: 'EZ_NETSUITE_ACCOUNT_MISMATCH' }),
    )
  })
})

describeVerifier({
  request: await send(
    oauth1({ ...credentials, bodyHash: true }),
    request('POST', 'https://a.example/?x=1', 'body', [['content-type', 'text/plain']]),
  ),
  verify,
  unusableSecrets: ['text', {}, { consumerSecret: '', tokenSecret: '' }, { consumerSecret: null }],
  describe,
  it,
})

it('needs a public key for a method that asks for one', async () => {
  const signer = oauth1({ consumerKey: 'key', consumerSecret: privateKey, signatureMethod: 'RSA-SHA256' })
  const signed = await send(signer, request('GET', 'https://a.example/'))
  expect(await codeOf(verify(signed, { secretFor: () => ({ consumerSecret: 'a' }) }))).toBe('EZ_KEY_UNKNOWN')
})
