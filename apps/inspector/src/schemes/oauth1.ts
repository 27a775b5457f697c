import * as netsuite from '@ez/netsuite-oauth1'
import { provider as oauth1 } from '@ez/netsuite-oauth1/oauth1'
import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
import { type Adapter, text } from './adapter.ts'
import { nobodysPublicKey } from './keys.ts'
import { publicHalf } from './public-half.ts'

const common: Omit<Adapter, 'id' | 'title' | 'use' | 'provider'> = {
  module: netsuite,
  nobody: () => ({ consumerSecret: 'nobody', tokenSecret: 'nobody', publicKey: nobodysPublicKey }),
  async verify(prepared, { consumerSecret, tokenSecret, publicKey, privateKey = publicKey }, now) {
    const key = privateKey === undefined ? undefined : await publicHalf(text(privateKey))
    return verifyOAuth1(prepared, {
      now,
      allowPlaintext: true,
      secretFor: () => ({
        consumerSecret: text(consumerSecret),
        tokenSecret: text(tokenSecret),
        ...(key !== undefined && { publicKey: key }),
      }),
    })
  },
  keySteps: () => [
    'key = percent-encoded consumer secret + "&" + percent-encoded token secret',
    'signature = base64(HMAC(key, base string)), by the method that oauth_signature_method names',
    'With an RSA method: signature = base64(RSA(private key, base string))',
  ],
}

export const oauth1Adapters: readonly Adapter[] = [
  {
    ...common,
    id: 'netsuite-oauth1',
    title: 'Oracle NetSuite, token-based authentication',
    use: '@ez/netsuite-oauth1',
    provider: netsuite.provider as never,
  },
  {
    ...common,
    id: 'oauth1',
    title: 'OAuth 1.0a',
    use: '@ez/netsuite-oauth1/oauth1',
    provider: oauth1 as never,
  },
]
