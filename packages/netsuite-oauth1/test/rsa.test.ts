import { createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { type SignResult, secret } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { oauth1 } from '../src/oauth1.ts'
import { fixed, request } from './requests.ts'

describe('RSA', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const formats = ['pkcs1', 'pkcs8'] as const
  it.each(formats)('signs with a %s key as node:crypto does', async (type) => {
    const consumerSecret = privateKey.export({ type, format: 'pem' }) as string
    const signer = oauth1({
      consumerKey: 'key',
      consumerSecret: secret(consumerSecret),
      signatureMethod: 'RSA-SHA512',
    })
    const result = await signer.sign(request('GET', 'https://api.example.com/'), fixed(1, 'abcdef'))
    const [base = '', signature = ''] = result.trace.map(({ value }) => value)
    expect(createVerify('RSA-SHA512').update(base).verify(publicKey, signature, 'base64')).toBe(true)
    expect(createSign('RSA-SHA512').update(base).sign(privateKey, 'base64')).toBe(signature)
  })

  it.each(['not a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'])(
    'refuses %j',
    async (consumerSecret) => {
      const sign = async (): Promise<SignResult> =>
        oauth1({ consumerKey: 'key', consumerSecret, signatureMethod: 'RSA-SHA1' }).sign(
          request('GET', 'https://a.example/'),
          fixed(1, 'abcdef'),
        )
      await expect(sign()).rejects.toMatchObject({ code: 'EZ_CREDENTIAL_INVALID' })
    },
  )
})
