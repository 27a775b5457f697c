import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importKey, type KeyAlgorithm, readKey } from '../../src/keys.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki'): string =>
  key.export({ type: type as 'pkcs8', format: 'pem' }).toString()
const jwk = (key: KeyObject): string => JSON.stringify(key.export({ format: 'jwk' }))
const data = new TextEncoder().encode('message')

const pairs: [string, KeyAlgorithm, string, string][] = []
const pss = { name: 'RSA-PSS', hash: 'SHA-512' } as const
const v15 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
for (const [name, algorithm] of [['RSA-PSS', pss] as const, ['RSA PKCS #1 v1.5', v15] as const])
  pairs.push(
    [`${name}, PKCS#8 and SPKI`, algorithm, pem(rsa.privateKey, 'pkcs8'), pem(rsa.publicKey, 'spki')],
    [`${name}, PKCS#1`, algorithm, pem(rsa.privateKey, 'pkcs1'), pem(rsa.publicKey, 'pkcs1')],
    [`${name}, JWK`, algorithm, jwk(rsa.privateKey), jwk(rsa.publicKey)],
  )
for (const namedCurve of ['P-256', 'P-384', 'P-521'] as const) {
  const { privateKey, publicKey } = ec(namedCurve)
  const algorithm = { name: 'ECDSA', namedCurve } as const
  pairs.push(
    [`${namedCurve}, PKCS#8 and SPKI`, algorithm, pem(privateKey, 'pkcs8'), pem(publicKey, 'spki')],
    [`${namedCurve}, SEC1`, algorithm, pem(privateKey, 'sec1'), pem(publicKey, 'spki')],
    [`${namedCurve}, JWK`, algorithm, jwk(privateKey), jwk(publicKey)],
  )
}
const ed = generateKeyPairSync('ed25519')
pairs.push(
  ['Ed25519, PKCS#8 and SPKI', { name: 'Ed25519' }, pem(ed.privateKey, 'pkcs8'), pem(ed.publicKey, 'spki')],
  ['Ed25519, JWK', { name: 'Ed25519' }, jwk(ed.privateKey), jwk(ed.publicKey)],
)

describe('a key', () => {
  it.each(pairs)(
    'of %s signs, and its public half verifies',
    async (_, algorithm, privateText, publicText) => {
      const use = { ...algorithm, hash: 'SHA-256', saltLength: 64 }
      const privateKey = await importKey('test', readKey('test', privateText), algorithm, 'sign')
      const publicKey = await importKey('test', readKey('test', publicText), algorithm, 'verify')
      const signature = await crypto.subtle.sign(use, privateKey, data)
      expect(await crypto.subtle.verify(use, publicKey, signature, data)).toBe(true)
    },
  )

  it.each([
    ['line feeds written as \\n', pem(ed.privateKey, 'pkcs8').replaceAll('\n', '\\n')],
    ['line ends of Windows', pem(ed.privateKey, 'pkcs8').replaceAll('\n', '\r\n')],
    ['text around it', `Key of the test\n${pem(ed.privateKey, 'pkcs8')}\n`],
  ])('may have %s', async (_, text) => {
    expect((await importKey('test', readKey('test', text), { name: 'Ed25519' }, 'sign')).type).toBe('private')
  })

  it('in SEC1 may name its curve in EC PARAMETERS, as OpenSSL writes it', async () => {
    const { privateKey } = ec('P-256')
    const sec1 = privateKey.export({ type: 'sec1', format: 'der' })
    // Without [0], the curve: sequence, version, key of 32 bytes.
    const bare = Buffer.concat([Buffer.from([0x30, 37]), sec1.subarray(2, 39)])
    const block = (label: string, bytes: Buffer): string =>
      `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`
    const parameters = block('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex'))
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
    const data = readKey('test', parameters + block('EC PRIVATE KEY', bare))
    expect((await importKey('test', data, algorithm, 'sign')).type).toBe('private')
    expect(() => readKey('test', block('EC PRIVATE KEY', bare))).toThrow(
      expect.objectContaining({ code: 'EZ_CREDENTIAL_INVALID', message: expect.stringContaining('curve') }),
    )
  })

  const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
  const legacy = { ...encrypted, type: 'pkcs1' } as const
  it.each([
    ['an encrypted key', ed.privateKey.export(encrypted).toString(), 'encrypted'],
    ['an encrypted key of the old form', rsa.privateKey.export(legacy).toString(), 'encrypted'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----', 'certificate'],
    [
      'a key of OpenSSH',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nYQ==\n-----END OPENSSH PRIVATE KEY-----',
      'ssh-keygen',
    ],
    ['no key', 'swordfish', 'neither PEM'],
    ['half of one', pem(ed.privateKey, 'pkcs8').slice(0, 80), 'neither PEM'],
    ['a JWK that is no JSON', '{"kty":swordfish', 'not JSON'],
    [
      'what is not base64',
      '-----BEGIN PRIVATE KEY-----\nswordfish!\n-----END PRIVATE KEY-----',
      'not base64',
    ],
  ])('that is %s is refused, and not shown', (_, text, problem) => {
    const refused = expect.objectContaining({
      code: 'EZ_CREDENTIAL_INVALID',
      message: expect.stringContaining(problem),
    })
    expect(() => readKey('test', text)).toThrow(refused)
    expect(() => readKey('test', text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('swordfish') }),
    )
  })

  it('of another algorithm is refused', async () => {
    const key = readKey('test', pem(rsa.privateKey, 'pkcs8'))
    await expect(importKey('test', key, { name: 'Ed25519' }, 'sign')).rejects.toMatchObject({
      code: 'EZ_CREDENTIAL_INVALID',
    })
  })
})
