import { type AzureStorageOptions, azureStorage, provider } from '@ez/azure-storage'
import { verifyAzureStorage } from '@ez/azure-storage/verify'
import { signRequest } from '@ez/core'
import { describeSigner, type SignedPart, type Vector } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import file from '../vectors/azure-storage.json' with { type: 'json' }

const credentials = { accountName: 'myaccount', accountKey: 'bXkgYWNjb3VudCBrZXk=' }
const vectors = file as unknown as Vector[]

const covered: Readonly<Record<string, readonly SignedPart[]>> = {
  SharedKey: [
    'method',
    'path',
    'query',
    'header:content-type',
    'header:x-ms-meta-m1',
    'header:if-none-match',
  ],
  SharedKeyLite: ['method', 'path', 'header:content-type'],
  AccountSAS: [],
  ServiceSAS: ['path'],
}

describeSigner(provider, vectors, {
  credentials: ['credentials.accountKey'],
  verify: (request, { options, context }) => {
    const given = options.credentials as typeof credentials
    return verifyAzureStorage(request, {
      accountName: given.accountName,
      secretFor: (accountName) => (accountName === given.accountName ? given.accountKey : undefined),
      now: new Date(context.now),
    })
  },
  signs({ title, options }) {
    const parts = covered[String(options.scheme ?? 'SharedKey')] ?? []
    // The signature of a container or queue holds for all that is in it.
    return title.includes('of a queue') ? [] : parts
  },
  describe,
  it,
})

describe('options', () => {
  const sas = { permissions: 'r' }
  it.each<[string, unknown, string]>([
    ['an unknown scheme', { credentials, scheme: 'Basic' }, 'EZ_OPTION_INVALID'],
    ['a SAS without its options', { credentials, scheme: 'AccountSAS' }, 'EZ_OPTION_INVALID'],
    ['options of a SAS without the scheme', { credentials, sas }, 'EZ_OPTION_INVALID'],
    ['a version that is no date', { credentials, version: 'latest' }, 'EZ_OPTION_INVALID'],
    ['a version before lengths of zero', { credentials, version: '2009-09-19' }, 'EZ_OPTION_INVALID'],
    [
      'a version before encryption scopes',
      { credentials, scheme: 'AccountSAS', sas, version: '2019-12-12' },
      'EZ_OPTION_INVALID',
    ],
    [
      'services in another order',
      { credentials, scheme: 'AccountSAS', sas: { ...sas, services: 'qb' } },
      'EZ_OPTION_INVALID',
    ],
    [
      'an end before the start',
      { credentials, scheme: 'AccountSAS', sas: { ...sas, expiresIn: 60, startsIn: 60 } },
      'EZ_OPTION_INVALID',
    ],
    [
      'a key that is not base64',
      { credentials: { ...credentials, accountKey: 'key!' } },
      'EZ_CREDENTIAL_INVALID',
    ],
    ['an account with a slash', { credentials: { ...credentials, accountName: 'a/b' } }, 'EZ_OPTION_INVALID'],
  ])('%s is refused', (_, options, code) => {
    expect(() => azureStorage(options as AzureStorageOptions)).toThrow(expect.objectContaining({ code }))
  })
})

describe('what cannot be signed', () => {
  it('is a stream of unknown length; a known one is signed', async () => {
    const request = { method: 'PUT', url: 'https://myaccount.blob.core.windows.net/c/b' }
    const stream = (): ReadableStream<Uint8Array> => new Blob(['abc']).stream()
    const sign = (bodyLength?: number) =>
      signRequest({ ...request, body: stream(), ...(bodyLength === undefined ? {} : { bodyLength }) }, [
        azureStorage({ credentials }),
      ])
    await expect(sign()).rejects.toMatchObject({ code: 'EZ_BODY_UNSIGNABLE' })
    const { trace } = await sign(3)
    expect(trace.find(({ id }) => id === 'string-to-sign')?.value.split('\n')[3]).toBe('3')
  })

  it.each([
    ['a host that tells no service', 'http://127.0.0.1:10000/myaccount/c'],
    ['no container', 'https://myaccount.blob.core.windows.net/'],
  ])('is a service SAS of %s', async (_, url) => {
    const signer = azureStorage({ credentials, scheme: 'ServiceSAS', sas: { permissions: 'r' } })
    await expect(signRequest({ method: 'GET', url }, [signer])).rejects.toMatchObject({
      code: 'EZ_AZURE_RESOURCE_UNKNOWN',
    })
  })
})

describe('credentials', () => {
  it('may be a function', async () => {
    const request = {
      method: 'GET',
      url: 'https://myaccount.blob.core.windows.net/c',
      headers: [],
      body: null,
    }
    const context = { now: () => new Date('2026-01-15T12:36:00Z'), nonce: () => 'unused' }
    const value = await azureStorage({ credentials }).sign(request, context)
    expect(await azureStorage({ credentials: async () => credentials }).sign(request, context)).toEqual(value)
  })
})
