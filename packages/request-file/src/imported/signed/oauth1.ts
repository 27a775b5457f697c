import { decoded } from '../hidden-query.ts'
import type { Signed, SignedRequest } from './signed.ts'

/** OAuth 1.0 in a header. Source: RFC 5849 section 3.5.1. */
export function oauth1Step({ authorization, known }: SignedRequest): Signed | undefined {
  if (!/^OAuth\s/i.test(authorization)) return undefined
  const given = new Map(
    [...authorization.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      decoded(value) ?? value,
    ]),
  )
  const consumerKey = given.get('oauth_consumer_key')
  const method = given.get('oauth_signature_method')
  if (consumerKey === undefined || !given.has('oauth_signature')) return undefined
  const token = given.get('oauth_token') || undefined
  const realm = given.get('realm')
  const isRsa = method?.startsWith('RSA') ?? false
  const secret = isRsa ? 'private_key' : 'consumer_secret'
  const others = Object.fromEntries(
    (
      [
        ['realm', realm],
        ['callback', given.get('oauth_callback')],
      ] as const
    ).filter(([, value]) => value),
  )
  return {
    step: {
      use: '@ez/netsuite-oauth1/oauth1',
      with: {
        consumerKey: known('consumer_key', consumerKey),
        consumerSecret: `{{${secret}}}`,
        ...(token !== undefined && { token: known('token', token), tokenSecret: '{{token_secret}}' }),
        ...(method !== undefined && { signatureMethod: method }),
        ...others,
        ...(given.has('oauth_verifier') && { verifier: '{{verifier}}' }),
        ...(given.has('oauth_body_hash') && { bodyHash: true }),
        ...(!given.has('oauth_version') && { version: null }),
      },
    },
    headers: ['authorization'],
    secrets: [
      secret,
      ...(token === undefined ? [] : ['token_secret']),
      ...(given.has('oauth_verifier') ? ['verifier'] : []),
    ],
  }
}
