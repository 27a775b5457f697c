import { EzError, type Pairs } from '@ez/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { oauth1 } from '../../src/index.ts'
import { verifyOAuth1 } from '../../src/verify/verify.ts'
import { fixed, formHeaders, request } from '../requests.ts'

const names = [
  'oauth_consumer_key',
  'oauth_token',
  'oauth_signature_method',
  'oauth_signature',
  'oauth_timestamp',
  'oauth_nonce',
  'oauth_version',
  'oauth_body_hash',
  'realm',
  '%FF',
  '',
]
const values = [
  'HMAC-SHA1',
  'RSA-SHA256',
  'PLAINTEXT',
  'HMAC-SHA9',
  '1.0',
  '%',
  '%FF',
  'YQ==',
  '1700000000',
  '-1',
  '&',
]
const parameters = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)), {
  maxLength: 10,
})

it('refuses whatever it is sent with a coded error', async () => {
  await fc.assert(
    fc.asyncProperty(
      parameters,
      parameters,
      fc.string({ unit: 'binary-ascii' }),
      async (inHeader, elsewhere, junk) => {
        const header = `OAuth ${inHeader.map(([name, value]) => `${name}="${value}"`).join(', ')}`
        const form = elsewhere.map((pair) => pair.join('=')).join('&')
        const headers: Pairs = [
          ...formHeaders,
          ['authorization', junk.length % 3 === 0 ? `OAuth ${junk}` : header],
        ]
        const sent = request('POST', 'https://a.example/?x=%FF', form, headers)
        const publicKey = '-----BEGIN PUBLIC KEY-----\nYQ==\n-----END PUBLIC KEY-----'
        const error = await verifyOAuth1(sent, {
          secretFor: () => ({ consumerSecret: 's', publicKey }),
        }).catch((thrown: unknown) => thrown)
        expect(EzError.isInstance(error)).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

it('keeps a verifier out of the trace', async () => {
  const signer = oauth1({
    consumerKey: 'key',
    consumerSecret: 'consumer-secret',
    verifier: 'verifier-473f82d3',
  })
  const { secrets } = await signer.sign(request('POST', 'https://a.example/'), fixed(1, 'abcdef'))
  expect(secrets).toEqual(['consumer-secret', 'verifier-473f82d3'])
})
