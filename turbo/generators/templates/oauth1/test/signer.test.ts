import { readdirSync, readFileSync } from 'node:fs'
import { signRequest } from '@ez/core'
import { describeSigner, describeVerifier } from '@ez/core/testing'
import { exampleScheme, provider } from '@ez/example-scheme'
import { verifyExampleScheme } from '@ez/example-scheme/verify'
import { describe, expect, it } from 'vitest'

// Every file of vectors/.
const folder = new URL('../vectors/', import.meta.url)
const vectors = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
const credentials = {
  consumerKey: 'example-consumer-key',
  consumerSecret: 'example-consumer-secret',
  token: 'example-token',
  tokenSecret: 'example-token-secret',
}

describeSigner(provider, vectors, {
  credentials: ['credentials.consumerSecret', 'credentials.token', 'credentials.tokenSecret'],
  // The token travels in the clear, in the header and in the base string.
  secrets: ['credentials.consumerSecret', 'credentials.tokenSecret'],
  verify: (request, { options, context }) => {
    const given = options.credentials as typeof credentials
    return verifyExampleScheme(request, {
      secretFor: (keyId) =>
        ({ [given.consumerKey]: given.consumerSecret, [given.token]: given.tokenSecret })[keyId],
      now: new Date(context.now),
    })
  },
  signs: ['method', 'path', 'query'],
  describe,
  it,
})

describeVerifier({
  request: await signRequest(
    { method: 'POST', url: 'https://api.example.com/orders', body: 'body' },
    [exampleScheme({ credentials })],
    { clock: () => new Date('2026-01-15T12:36:00Z') },
  ),
  verify: (request, options) =>
    verifyExampleScheme(request, {
      secretFor: (keyId) => (keyId === credentials.token ? credentials.tokenSecret : credentials.consumerSecret),
      now: new Date('2026-01-15T12:36:00Z'),
      ...options,
    }),
  readsBody: false,
  describe,
  it,
})

describe('credentials', () => {
  it('may be a function', async () => {
    const request = { method: 'GET', url: 'https://api.example.com/', headers: [], body: null }
    const context = { now: () => new Date('2026-01-15T12:36:00Z'), nonce: () => '0123456789abcdef' }
    const value = await exampleScheme({ credentials }).sign(request, context)
    expect(await exampleScheme({ credentials: async () => credentials }).sign(request, context)).toEqual(value)
  })
})
