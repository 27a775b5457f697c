import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  verify,
} from 'node:crypto'
import { jwt } from '@ez/oauth2'
import { describe, expect, test } from 'vitest'
import { headerOf, send, shown } from './support/tokens.ts'

const at = new Date('2026-01-02T03:04:05Z')
const seconds = at.getTime() / 1000
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1'): string =>
  key.export({ type, format: 'pem' } as never) as unknown as string

interface Read {
  readonly header: Record<string, unknown>
  readonly claims: Record<string, unknown>
  readonly signed: string
  readonly signature: Buffer
}

// Read and verified by node:crypto, which shares nothing with the signer.
function read(token: string): Read {
  const [head = '', body = '', signature = ''] = token.split('.')
  const parse = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  return {
    header: parse(head),
    claims: parse(body),
    signed: `${head}.${body}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

async function sent(
  options: Parameters<typeof jwt>[0],
  url = 'https://api.example.com/v1/apps?x=1',
): Promise<Read> {
  const prepared = await send(jwt(options), { clock: () => at }, { url })
  const token = headerOf(prepared, 'authorization')?.replace(/^Bearer /, '') as string
  expect(shown(prepared)).not.toContain(token.split('.')[2])
  return read(token)
}

const isSigned = ({ signed, signature }: Read, key: KeyObject, hash: string | null, options = {}): boolean =>
  verify(hash, Buffer.from(signed), { key, ...options }, signature)

test('App Store Connect: ES256, key id, issuer, twenty minutes', async () => {
  const token = await sent({
    privateKey: pem(ec.privateKey, 'pkcs8'),
    algorithm: 'ES256',
    keyId: '2X9R4HXF34',
    claims: { iss: '57246542-96fe-1a63-e053-0824d011072a', aud: 'appstoreconnect-v1' },
    lifetimeSeconds: 1200,
  })
  expect(token.header).toEqual({ alg: 'ES256', typ: 'JWT', kid: '2X9R4HXF34' })
  expect(token.claims).toEqual({
    iss: '57246542-96fe-1a63-e053-0824d011072a',
    aud: 'appstoreconnect-v1',
    iat: seconds,
    exp: seconds + 1200,
  })
  expect(isSigned(token, ec.publicKey, 'sha256', { dsaEncoding: 'ieee-p1363' })).toBe(true)
})

test('Snowflake: the issuer holds the fingerprint of the public key', async () => {
  const token = await sent({
    privateKey: pem(rsa.privateKey, 'pkcs8'),
    claims: { iss: 'ORG-ACCOUNT.USER.SHA256:{fingerprint}', sub: 'ORG-ACCOUNT.USER' },
    lifetimeSeconds: 3600,
  })
  const spki = createPublicKey(rsa.privateKey).export({ type: 'spki', format: 'der' })
  const fingerprint = createHash('sha256').update(spki).digest('base64')
  expect(token.claims.iss).toBe(`ORG-ACCOUNT.USER.SHA256:${fingerprint}`)
  expect(isSigned(token, rsa.publicKey, 'sha256')).toBe(true)
})

test('Coinbase: the claim names method, host and path; the header has a nonce', async () => {
  const token = await sent({
    privateKey: pem(ec.privateKey, 'sec1'),
    algorithm: 'ES256',
    keyId: 'organizations/a/apiKeys/b',
    joseHeader: { nonce: '{nonce}' },
    claims: { iss: 'cdp', sub: 'organizations/a/apiKeys/b', uri: '{method} {host}{path}' },
    lifetimeSeconds: 120,
  })
  expect(token.claims.uri).toBe('GET api.example.com/v1/apps')
  expect(token.header.nonce).toMatch(/^[A-Za-z0-9]{32}$/)
  expect(isSigned(token, ec.publicKey, 'sha256', { dsaEncoding: 'ieee-p1363' })).toBe(true)
})

test("Zoom's Video SDK: HS256 with the shared secret", async () => {
  const { signed, signature, header } = await sent({
    sharedSecret: 'example-sdk-secret',
    algorithm: 'HS256',
    claims: { iss: 'example-api-key' },
  })
  expect(header).toEqual({ alg: 'HS256', typ: 'JWT' })
  expect(signature).toEqual(createHmac('sha256', 'example-sdk-secret').update(signed).digest())
})

test.each([
  ['PKCS #8', pem(rsa.privateKey, 'pkcs8'), 'RS256', rsa.publicKey, 'sha256'],
  ['PKCS #1', pem(rsa.privateKey, 'pkcs1'), 'RS256', rsa.publicKey, 'sha256'],
  [
    'PKCS #8 with escaped line ends',
    pem(rsa.privateKey, 'pkcs8').replaceAll('\n', '\\n'),
    'RS256',
    rsa.publicKey,
    'sha256',
  ],
  ['SEC 1', pem(ec.privateKey, 'sec1'), 'ES256', ec.publicKey, 'sha256'],
  [
    'JWK of an EC key',
    JSON.stringify(ec.privateKey.export({ format: 'jwk' })),
    'ES256',
    ec.publicKey,
    'sha256',
  ],
  [
    'JWK of an RSA key',
    JSON.stringify(rsa.privateKey.export({ format: 'jwk' })),
    'RS256',
    rsa.publicKey,
    'sha256',
  ],
  ['PKCS #8 of Ed25519', pem(ed.privateKey, 'pkcs8'), 'EdDSA', ed.publicKey, null],
] as const)('a key as %s signs, and has a fingerprint', async (_, privateKey, algorithm, publicKey, hash) => {
  const token = await sent({ privateKey, algorithm, claims: { iss: '{fingerprint}' } })
  const options = algorithm === 'ES256' ? { dsaEncoding: 'ieee-p1363' } : {}
  expect(isSigned(token, publicKey, hash, options)).toBe(true)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  expect(token.claims.iss).toBe(createHash('sha256').update(spki).digest('base64'))
})

test('a server whose clock is behind accepts a token that is dated back', async () => {
  const { claims } = await sent({
    privateKey: pem(rsa.privateKey, 'pkcs8'),
    claims: { iss: 'app' },
    backdateSeconds: 60,
    lifetimeSeconds: 540,
  })
  expect(claims).toMatchObject({ iat: seconds - 60, exp: seconds + 540 })
})

test('another header has no scheme, and an output is placed instead of a header', async () => {
  const options = { sharedSecret: 'example-secret', algorithm: 'HS256', claims: {} }
  const other = await send(jwt({ ...options, header: 'x-token' }))
  expect(headerOf(other, 'x-token')).toMatch(/^eyJ/)
  const placed = await send(jwt(options), {}, { headers: { 'x-own': 'JWT {%access_token%}' } })
  expect(headerOf(placed, 'x-own')).toMatch(/^JWT eyJ/)
  expect(headerOf(placed, 'authorization')).toBeUndefined()
})

describe('options', () => {
  const key = pem(rsa.privateKey, 'pkcs8')
  test.each([
    [{ claims: {} }, 'EZ_CREDENTIAL_MISSING'],
    [{ claims: {}, algorithm: 'HS256' }, 'EZ_CREDENTIAL_MISSING'],
    [{ claims: {}, algorithm: 'HS256', sharedSecret: 's', privateKey: key }, 'EZ_OPTION_INVALID'],
    [{ claims: {}, algorithm: 'none', privateKey: key }, 'EZ_OPTION_INVALID'],
    [{ claims: { exp: 1 }, privateKey: key }, 'EZ_OPTION_INVALID'],
    [{ claims: { iss: '{fingerprint}' }, algorithm: 'HS256', sharedSecret: 's' }, 'EZ_OPTION_INVALID'],
    [{ claims: {}, privateKey: key, lifetimeSeconds: 0 }, 'EZ_OPTION_INVALID'],
  ])('that make no sense are refused when the step is created: %#', (options, code) => {
    expect(() => jwt(options as never)).toThrow(expect.objectContaining({ code }))
  })

  test('a key of another kind is told without the key', async () => {
    const failed = send(jwt({ privateKey: pem(ec.privateKey, 'pkcs8'), claims: {} }))
    await expect(failed).rejects.toMatchObject({ code: 'EZ_CREDENTIAL_INVALID' })
    await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining('MIG') })
  })
})
