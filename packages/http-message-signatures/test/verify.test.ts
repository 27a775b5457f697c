import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { signRequest } from '@ez/core'
import { describeVerifier } from '@ez/core/testing'
import {
  type HttpMessageSignaturesOptions,
  httpMessageSignatures,
  parseComponent,
} from '@ez/http-message-signatures'
import {
  type VerifyHttpMessageSignaturesOptions,
  verifyHttpMessageSignatures,
} from '@ez/http-message-signatures/verify'
import { describe, expect, it } from 'vitest'

const options: HttpMessageSignaturesOptions = {
  algorithm: 'hmac-sha256',
  key: 'c2VjcmV0IGtleQ==',
  keyId: 'a',
}
const now = new Date('2026-01-15T12:36:00Z')
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
const request = { method: 'POST', url: 'https://example.com/a?b=1', body: 'body' }

function sign(changes: Partial<HttpMessageSignaturesOptions> = {}) {
  return signRequest(request, [httpMessageSignatures({ ...options, ...changes })], {
    clock: () => now,
    nonce: () => 'n-1',
  })
}

function verify(
  signed: Awaited<ReturnType<typeof sign>> | Request,
  changes: Partial<VerifyHttpMessageSignaturesOptions> = {},
) {
  return verifyHttpMessageSignatures(signed, {
    secretFor: (keyId) => (keyId === 'a' ? { algorithm: 'hmac-sha256', key: options.key } : undefined),
    requiredComponents: ['@method', '@target-uri', 'content-digest'],
    now,
    ...changes,
  })
}

describe('a verified request', () => {
  it('may be a Request, and gives what was signed', async () => {
    const verified = await verify((await sign()).toRequest())
    expect(verified).toEqual({
      keyId: 'a',
      label: 'sig1',
      signedNames: ['"@method"', '"@target-uri"', '"content-digest"'],
      body: new TextEncoder().encode('body'),
    })
  })

  it('covers no digest by default when there is no body', async () => {
    const get = { method: 'GET', url: request.url }
    const prepared = await signRequest(get, [httpMessageSignatures(options)], { clock: () => now })
    const verified = await verify(prepared, { requiredComponents: ['@method', '@target-uri'] })
    expect(verified.signedNames).toEqual(['"@method"', '"@target-uri"'])
  })

  it('has no body when its digest is not signed', async () => {
    const verified = await verify(await sign({ components: ['@method'] }), { requiredComponents: [] })
    expect(verified.body).toBeNull()
  })

  it.each([
    'rsa-pss-sha512',
    'rsa-v1_5-sha256',
    'ecdsa-p384-sha384',
    'ecdsa-p256-sha256',
    'ed25519',
  ] as const)('%s takes PEM keys of Node', async (algorithm) => {
    const pair =
      algorithm === 'ed25519'
        ? generateKeyPairSync('ed25519')
        : algorithm.startsWith('rsa')
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : generateKeyPairSync('ec', { namedCurve: algorithm.includes('p256') ? 'P-256' : 'P-384' })
    const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const spki = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const signed = await sign({ algorithm, key, alg: true })
    await expect(verify(signed, { secretFor: () => ({ algorithm, key: spki }) })).resolves.toBeDefined()
    await expect(verify(signed)).rejects.toMatchObject({ code: 'EZ_AUTHORIZATION_INVALID' })
  })
})

describe('a refusal', () => {
  it.each<
    [string, Partial<HttpMessageSignaturesOptions>, Partial<VerifyHttpMessageSignaturesOptions>, string]
  >([
    ['too old', {}, { now: later(301) }, 'EZ_CLOCK_SKEW'],
    ['too new', {}, { now: later(-301) }, 'EZ_CLOCK_SKEW'],
    ['past its end', { expiresIn: 600 }, { now: later(601) }, 'EZ_SIGNATURE_EXPIRED'],
    ['an unknown key', { keyId: 'b' }, {}, 'EZ_KEY_UNKNOWN'],
    ['a component that is not covered', {}, { requiredComponents: ['date'] }, 'EZ_COMPONENT_UNSIGNED'],
    ['another label', {}, { label: 'sig2' }, 'EZ_AUTHORIZATION_MISSING'],
    ['no tag', {}, { tag: 'web-bot-auth' }, 'EZ_AUTHORIZATION_INVALID'],
    ['another key', { key: 'b3RoZXI=' }, {}, 'EZ_SIGNATURE_MISMATCH'],
    ['a nonce once more', { nonce: true }, { nonceSeen: (nonce) => nonce === 'n-1' }, 'EZ_NONCE_SEEN'],
    ['a large body', {}, { maxBodyBytes: 3 }, 'EZ_BODY_TOO_LARGE'],
    [
      'another URL in front of a proxy',
      {},
      { url: 'https://proxy.example.com/a?b=1' },
      'EZ_SIGNATURE_MISMATCH',
    ],
  ])('%s', async (_, signed, verified, code) => {
    await expect(verify(await sign(signed), verified)).rejects.toMatchObject({ code })
  })

  it('lets an older signature pass until its own end', async () => {
    await expect(verify(await sign({ expiresIn: 600 }), { now: later(599) })).resolves.toBeDefined()
  })

  it.each<[string, Record<string, string>, string]>([
    ['no headers', {}, 'EZ_AUTHORIZATION_MISSING'],
    ['no dictionary', { signature: 'sig1=:YQ==:', 'signature-input': 'sig1' }, 'EZ_AUTHORIZATION_INVALID'],
    ['no base64', { signature: 'sig1=:YQ:', 'signature-input': 'sig1=()' }, 'EZ_AUTHORIZATION_INVALID'],
    [
      'two signatures',
      { signature: 'a=:YQ==:', 'signature-input': 'a=(), b=()' },
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'one label twice',
      { signature: 'a=:YQ==:', 'signature-input': 'a=(), a=()' },
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'a component twice',
      { signature: 'a=:YQ==:', 'signature-input': 'a=("@path" "@path")' },
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'a parameter twice',
      { signature: 'a=:YQ==:', 'signature-input': 'a=();created=1;created=2' },
      'EZ_AUTHORIZATION_AMBIGUOUS',
    ],
    [
      'a component of responses',
      { signature: 'a=:YQ==:', 'signature-input': 'a=("@status");keyid="a"' },
      'EZ_AUTHORIZATION_INVALID',
    ],
  ])('%s', async (_, headers, code) => {
    const received = new Request('https://example.com/', { headers })
    await expect(verify(received, { requiredComponents: [] })).rejects.toMatchObject({ code })
  })
})

describeVerifier({
  request: await sign(),
  verify: (received, changes) => verify(received as Request, changes),
  unusableSecrets: ['text', { algorithm: 'hmac-sha256', key: '' }, { algorithm: 'none', key: 'a' }, {}],
  describe,
  it,
})

it('asks for the nonce last, so that a request that is refused uses none up', async () => {
  const asked: string[] = []
  const nonceSeen = (nonce: string): boolean => {
    asked.push(nonce)
    return false
  }
  const signed = await sign({ nonce: true })
  const tampered = new Request(signed.url, {
    method: 'POST',
    headers: signed.toRequest().headers,
    body: 'other',
  })
  await expect(verify(tampered, { nonceSeen })).rejects.toMatchObject({ code: 'EZ_BODY_MISMATCH' })
  expect(asked).toEqual([])
  await verify(signed, { nonceSeen })
  expect(asked).toEqual(['n-1'])
})

it.each([undefined, 1, 10n, '@unknown', 'Content-Type', '"x";sf'])(
  '%s is no component to require',
  async (name) => {
    await expect(verify(await sign(), { requiredComponents: [name as string] })).rejects.toMatchObject({
      code: 'EZ_OPTION_INVALID',
    })
    expect(() => parseComponent(name as string)).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  },
)

it('shows no credential of the client in what it tells', async () => {
  const headers = { cookie: 'session-of-the-test', authorization: 'Bearer of-the-test' }
  const components = ['@method', 'cookie', 'authorization', '"cookie";bs']
  const signed = await signRequest(
    { ...request, headers },
    [httpMessageSignatures({ ...options, components })],
    {
      clock: () => now,
    },
  )
  const tampered = new Request(signed.url, { headers: signed.toRequest().headers })
  const error: unknown = await verify(tampered, { requiredComponents: ['@method'] }).catch((one) => one)
  expect(error).toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
  expect(inspect(error, { depth: 9 })).toContain('"cookie": ***')
  expect(inspect(error, { depth: 9 })).not.toMatch(/of-the-test|c2Vzc2lvbi1vZi/)
})

it('refuses a signature that would hold for ever, unless allowed', async () => {
  const signed = await sign({ created: false })
  await expect(verify(signed)).rejects.toMatchObject({ code: 'EZ_AUTHORIZATION_INVALID' })
  await expect(verify(signed, { allowUndated: true })).resolves.toMatchObject({ keyId: 'a' })
  const ending = await sign({ created: false, expiresIn: 60 })
  await expect(verify(ending)).resolves.toMatchObject({ keyId: 'a' })
  await expect(verify(ending, { now: later(61) })).rejects.toMatchObject({ code: 'EZ_SIGNATURE_EXPIRED' })
})
