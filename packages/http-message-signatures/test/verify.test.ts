import { createHash, createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
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
      covers: {
        method: true,
        host: true,
        path: true,
        query: 'all',
        headers: ['content-digest'],
        body: 'all',
      },
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

it.each([undefined, 1, 10n, '@unknown', 'Content-Type', '"x";tr'])(
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

describe('any key that Node writes', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = (key: KeyObject, type: string): string =>
    key.export({ type: type as 'pkcs8', format: 'pem' }).toString()
  it.each([
    ['PKCS#1', 'rsa-pss-sha512', pem(rsa.privateKey, 'pkcs1'), pem(rsa.publicKey, 'pkcs1')],
    ['SEC1', 'ecdsa-p256-sha256', pem(ec.privateKey, 'sec1'), pem(ec.publicKey, 'spki')],
  ] as const)('%s', async (_, algorithm, key, publicKey) => {
    const signed = await sign({ algorithm, key })
    await expect(verify(signed, { secretFor: () => ({ algorithm, key: publicKey }) })).resolves.toBeDefined()
  })
})

describe('a signature that is written otherwise than ours', () => {
  const hmac = (base: string): string =>
    createHmac('sha256', Buffer.from(options.key as string, 'base64'))
      .update(base)
      .digest('base64')
  const secretFor = () => ({ algorithm: 'hmac-sha256', key: options.key }) as const
  const plain = { secretFor, requiredComponents: [], now, allowUndated: true }
  const of = (headers: [string, string][], body: Uint8Array | null = null) => ({
    method: 'POST',
    url: request.url,
    headers,
    body,
  })

  it.each([
    [
      'token, decimal, byte sequence and boolean parameters',
      ';created=1768480560;a=tok;b=1.5;c=:YQ==:;d',
      ';created=1768480560;a=tok;b=1.5;c=:YQ==:;d',
    ],
    ['a space before a parameter', '; created=1768480560', ';created=1768480560'],
  ])('with %s is verified', async (_, written, canonical) => {
    const signature = hmac(`"@method": POST\n"@signature-params": ("@method")${canonical}`)
    const headers: [string, string][] = [
      ['signature-input', `other=1, s=("@method")${written}`],
      ['signature', `other="x", s=:${signature}:`],
    ]
    expect(await verifyHttpMessageSignatures(of(headers), { ...plain, label: 's' })).toMatchObject({
      label: 's',
    })
  })

  const body = new TextEncoder().encode('body')
  const digest = createHash('sha256').update(body).digest('base64')
  it.each([
    ['"content-digest";bs', (value: string) => `:${Buffer.from(value).toString('base64')}:`],
    ['"content-digest";sf', (value: string) => value],
    ['"content-digest";key="sha-256"', () => `:${digest}:`],
  ])('over %s binds the body', async (component, signedValueOf) => {
    const value = `sha-256=:${digest}:`
    const signature = hmac(`${component}: ${signedValueOf(value)}\n"@signature-params": (${component})`)
    const headers: [string, string][] = [
      ['content-digest', value],
      ['signature-input', `s=(${component})`],
      ['signature', `s=:${signature}:`],
    ]
    const verified = await verifyHttpMessageSignatures(of(headers, body), plain)
    expect(verified).toMatchObject({ body, covers: { body: 'all' } })
    const other = new TextEncoder().encode('BODY')
    await expect(verifyHttpMessageSignatures(of(headers, other), plain)).rejects.toMatchObject({
      code: 'EZ_BODY_MISMATCH',
    })
  })

  it('with two lines of Content-Digest is verified', async () => {
    const sha512 = createHash('sha512').update(body).digest('base64')
    const lines = [`sha-256=:${digest}:`, `sha-512=:${sha512}:`]
    const signature = hmac(`"content-digest": ${lines.join(', ')}\n"@signature-params": ("content-digest")`)
    const headers: [string, string][] = [
      ...lines.map((line): [string, string] => ['content-digest', line]),
      ['signature-input', 's=("content-digest")'],
      ['signature', `s=:${signature}:`],
    ]
    expect((await verifyHttpMessageSignatures(of(headers, body), plain)).body).toEqual(body)
  })
})

describe('signatures side by side', () => {
  it('stay beside ours, and both are verified', async () => {
    const first = await sign({ label: 'client', keyId: 'a' })
    const signed = await signRequest(
      { ...request, headers: first.headers.map(([name, value]): [string, string] => [name, value]) },
      [httpMessageSignatures({ ...options, label: 'proxy', contentDigest: 'sha-256' })],
      { clock: () => now },
    )
    for (const label of ['client', 'proxy']) expect(await verify(signed, { label })).toMatchObject({ label })
  })

  it('under one label are refused when they are by two keys, and replaced when by one', async () => {
    const first = await sign()
    const again = (keyId: string) =>
      signRequest(
        { ...request, headers: first.headers.map(([name, value]): [string, string] => [name, value]) },
        [httpMessageSignatures({ ...options, keyId })],
        { clock: () => later(10) },
      )
    await expect(again('b')).rejects.toMatchObject({ code: 'EZ_WRITE_CONFLICT' })
    expect((await again('a')).headers.filter(([name]) => name === 'signature-input')).toHaveLength(1)
  })
})

it('of a skew says by how much, of a mismatch what was expected', async () => {
  const late = await verify(await sign(), { now: later(400) }).catch((one: unknown) => one)
  expect(late).toMatchObject({ code: 'EZ_CLOCK_SKEW', details: { clockOffsetMs: 400_000 } })
  const other = await verify(await sign({ key: 'b3RoZXI=' })).catch((one: unknown) => one)
  expect(other).toMatchObject({
    details: { stages: { 'signature-base': expect.stringMatching(/^"@method": POST/) } },
  })
})

it('what a look-up throws has a code, and nothing is read for an unknown key', async () => {
  const fails = () => {
    throw new Error('the store is down')
  }
  await expect(verify(await sign(), { secretFor: fails })).rejects.toMatchObject({
    code: 'EZ_OPTION_INVALID',
  })
  await expect(verify(await sign({ nonce: true }), { nonceSeen: fails })).rejects.toMatchObject({
    code: 'EZ_OPTION_INVALID',
  })
})
