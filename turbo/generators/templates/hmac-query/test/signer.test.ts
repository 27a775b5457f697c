import { readdirSync, readFileSync } from 'node:fs'
import { signRequest } from '@ez/core'
import { describeSigner, describeVerifier } from '@ez/core/testing'
import { exampleScheme, provider } from '@ez/example-scheme'
import { verifyExampleScheme } from '@ez/example-scheme/verify'
import { describe, expect, it } from 'vitest'

// Every file of vectors/.
const folder = new URL('../vectors/', import.meta.url)
const vectors = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
const credentials = { keyId: 'example-id', secretKey: 'example-secret-key' }

describeSigner(provider, vectors, {
  credentials: ['credentials.secretKey'],
  verify: (request, { options, context }) => {
    const given = options.credentials as typeof credentials
    return verifyExampleScheme(request, {
      secretFor: (keyId) => (keyId === given.keyId ? given.secretKey : undefined),
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
      secretFor: () => credentials.secretKey,
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
    const context = { now: () => new Date('2026-01-15T12:36:00Z'), nonce: () => 'unused' }
    const value = await exampleScheme({ credentials }).sign(request, context)
    expect(await exampleScheme({ credentials: async () => credentials }).sign(request, context)).toEqual(value)
  })
})

describe('expiresIn', () => {
  it.each([0, 0.5, 604_801])('%d is refused', (expiresIn) => {
    expect(() => exampleScheme({ credentials, expiresIn })).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  })

  it('ends the signature', async () => {
    const request = { method: 'GET', url: 'https://api.example.com/', headers: [], body: null }
    const clock = (): Date => new Date('2026-01-15T12:36:00Z')
    const prepared = await signRequest(request, [exampleScheme({ credentials, expiresIn: 60 })], { clock })
    const verified = verifyExampleScheme(prepared, {
      secretFor: () => credentials.secretKey,
      now: new Date('2026-01-15T12:42:01Z'),
    })
    await expect(verified).rejects.toMatchObject({ code: 'EZ_SIGNATURE_EXPIRED' })
  })
})
