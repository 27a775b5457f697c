import { createPublicKey } from 'node:crypto'
import { createRequire } from 'node:module'
import { type ResolvedRequest, signRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { mastercard } from '@ez/mastercard'
import { verifyMastercard } from '@ez/mastercard/verify'
import { expect, test } from 'vitest'
import file from '../vectors/mastercard.json' with { type: 'json' }

const { privateKey, consumerKey } = (
  file as unknown as [{ options: { privateKey: string; consumerKey: string } }]
)[0].options
const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string
interface Signer {
  getAuthorizationHeader(
    url: string,
    method: string,
    body: string | null,
    consumerKey: string,
    key: string,
  ): string
}
const signer = createRequire(import.meta.url)('mastercard-oauth1-signer') as Signer

const requests: [method: string, url: string, body: string | null][] = [
  ['GET', 'https://sandbox.api.mastercard.com/locations/v1/atms', null],
  ['GET', 'https://sandbox.api.mastercard.com/a/b%20c?Format=XML&B=2&B=1&B=1&zeta=%C3%BC&empty=', null],
  ['POST', 'https://sandbox.api.mastercard.com/fraud/v1?x=1', '{"name":"Zürich"}'],
  ['PUT', 'https://api.mastercard.com:8443/v1?a=b%2Bc', 'text'],
]

test.each(requests)('%s %s has the header of mastercard-oauth1-signer', async (method, url, body) => {
  const header = signer.getAuthorizationHeader(url, method, body, consumerKey, privateKey)
  const [, nonce = ''] = /oauth_nonce="([^"]*)"/.exec(header) ?? []
  const seconds = Number(/oauth_timestamp="(\d+)"/.exec(header)?.[1])
  const request: ResolvedRequest = { method, url, headers: [], body: body === null ? null : utf8(body) }
  const now = new Date(seconds * 1000)
  const prepared = await signRequest(request, [mastercard({ consumerKey, privateKey })], {
    clock: () => now,
    nonce: () => nonce,
  })
  expect(prepared.headers.find(([name]) => name === 'authorization')?.[1]).toBe(header)
  const verified = await verifyMastercard(
    { ...request, headers: [['authorization', header]] },
    { secretFor: (keyId) => (keyId === consumerKey ? publicKey : undefined), now },
  )
  expect(verified.covers).toMatchObject({ method: true, host: true, path: true, query: 'all', body: 'all' })
})
