import { inspect } from 'node:util'
import {
  type AzureStorageOptions,
  azureStorage,
  createStringToSign,
  createStringToSignLite,
  provider,
} from '@ez/azure-storage'
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
      // A vector signs for https on the emulator, which is called by http.
      url: request.url.replace(/^http:/, 'https:'),
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
      'a service that does not exist',
      { credentials, scheme: 'AccountSAS', sas: { ...sas, services: 'bz' } },
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

describe('limits are refused, not signed', () => {
  const blob = 'https://myaccount.blob.core.windows.net/c/b'
  const queue = 'https://myaccount.queue.core.windows.net/q'
  const service = (more: object) => ({ scheme: 'ServiceSAS', sas: { permissions: 'r', ...more } }) as const
  const byUser = {
    accountName: 'myaccount',
    userDelegationKey: {
      signedObjectId: 'd6b1c9f0-0000-4000-8000-000000000001',
      signedTenantId: 'd6b1c9f0-0000-4000-8000-000000000002',
      signedStartsOn: new Date('2026-01-15T00:00:00Z'),
      signedExpiresOn: new Date('2026-01-16T00:00:00Z'),
      signedService: 'b',
      signedVersion: '2023-11-03',
      value: 'dXNlciBkZWxlZ2F0aW9uIGtleQ==',
    },
  }
  it.each<[string, string, object, string]>([
    ['a service SAS for files', blob.replace('.blob.', '.file.'), service({}), 'EZ_AZURE_RESOURCE_UNKNOWN'],
    [
      'a service SAS for a domain of its own',
      'https://files.example.com/c',
      service({}),
      'EZ_AZURE_RESOURCE_UNKNOWN',
    ],
    [
      'response headers of a queue',
      queue,
      service({ responseHeaders: { contentType: 'a/b' } }),
      'EZ_OPTION_INVALID',
    ],
    ['rscd in the URL of a queue', `${queue}?rscd=a`, service({}), 'EZ_OPTION_INVALID'],
    [
      'rscd in the URL of an account SAS',
      `${blob}?rscd=a`,
      { ...service({}), scheme: 'AccountSAS' },
      'EZ_OPTION_INVALID',
    ],
    ['a key range of a blob', blob, service({ startPartitionKey: 'a' }), 'EZ_OPTION_INVALID'],
    [
      'a snapshot and a version at once',
      `${blob}?snapshot=a&versionid=b`,
      service({}),
      'EZ_AZURE_RESOURCE_UNKNOWN',
    ],
    [
      'a blob where the URL names a container',
      blob.slice(0, -2),
      service({ resource: 'blob' }),
      'EZ_AZURE_RESOURCE_UNKNOWN',
    ],
    [
      'a directory that the URL is not in',
      blob,
      service({ resource: 'directory', directory: 'd' }),
      'EZ_AZURE_RESOURCE_UNKNOWN',
    ],
    ['a permission that blobs do not have', blob, service({ permissions: 'rl' }), 'EZ_OPTION_INVALID'],
    ['a permission twice', blob, service({ permissions: 'rr' }), 'EZ_OPTION_INVALID'],
    ['a parameter without a value', `${blob}?prefix=`, {}, 'EZ_URL_NOT_SENDABLE'],
    ['a bare parameter', `${blob}?comp`, {}, 'EZ_URL_NOT_SENDABLE'],
    ['a parameter without a name', `${blob}?=a`, {}, 'EZ_URL_NOT_SENDABLE'],
    [
      'a user delegation SAS without its key',
      blob,
      { ...service({}), scheme: 'UserDelegationSAS' },
      'EZ_OPTION_INVALID',
    ],
    [
      'a user delegation SAS for queues',
      queue,
      { ...service({}), scheme: 'UserDelegationSAS', credentials: byUser },
      'EZ_OPTION_INVALID',
    ],
    ['services of a service SAS', blob, service({ services: 'b' }), 'EZ_OPTION_INVALID'],
    [
      'a policy of an account SAS',
      blob,
      { scheme: 'AccountSAS', sas: { identifier: 'p' } },
      'EZ_OPTION_INVALID',
    ],
  ])('%s', async (_, url, options, code) => {
    const sign = async () => signRequest({ method: 'GET', url }, [azureStorage({ credentials, ...options })])
    await expect(sign()).rejects.toMatchObject({ code })
  })

  it('permissions are put into the order of the service', async () => {
    const signer = azureStorage({ credentials, ...service({ permissions: 'wcr' }) })
    const { url } = await signRequest({ method: 'GET', url: blob }, [signer])
    expect(new URL(url).searchParams.get('sp')).toBe('rcw')
  })

  it('credentials may come with more than they need, as those of other libraries do', async () => {
    const more = { ...credentials, $source: 'env' }
    for (const given of [more, () => more, async () => more])
      await expect(
        signRequest({ method: 'GET', url: blob }, [azureStorage({ credentials: given })]),
      ).resolves.toBeDefined()
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
    ['a host that tells no service', 'https://files.example.com/c'],
    ['files', 'https://myaccount.file.core.windows.net/share/file'],
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

describe('what is shown', () => {
  it.each(['AccountSAS', 'ServiceSAS'] as const)(
    'of %s holds no signature: whoever has it has what it allows',
    async (scheme) => {
      const prepared = await signRequest(
        { method: 'GET', url: 'https://myaccount.blob.core.windows.net/c/b' },
        [azureStorage({ credentials, scheme, sas: { permissions: 'r' } })],
        { clock: () => new Date('2026-01-15T12:36:00Z') },
      )
      const signature = new URL(prepared.url).searchParams.get('sig') ?? ''
      expect(signature).not.toBe('')
      const shown = [
        inspect(prepared, { depth: 9 }),
        JSON.stringify(prepared),
        prepared.toCurl({ mask: true }),
      ]
      for (const form of [signature, encodeURIComponent(signature)]) expect(shown.join()).not.toContain(form)
      expect(prepared.toCurl()).toContain(encodeURIComponent(signature))
    },
  )
})

it.each([
  [{ expiresIn: 1e15 }, 'https://myaccount.blob.core.windows.net/c/b', 'EZ_OPTION_INVALID'],
  [{ startsIn: -1e15 }, 'https://myaccount.blob.core.windows.net/c/b', 'EZ_OPTION_INVALID'],
  [{}, 'https://myaccount.blob.core.windows.net/c/%ff', 'EZ_AZURE_RESOURCE_UNKNOWN'],
])('a SAS with %j for %s is refused by a code', async (more, url, code) => {
  const sign = async () =>
    azureStorage({ credentials, scheme: 'ServiceSAS', sas: { permissions: 'r', ...more } }).sign(
      { method: 'GET', url, headers: [], body: null },
      { now: () => new Date('2026-01-15T12:36:00Z'), nonce: () => '' },
    )
  await expect(sign()).rejects.toMatchObject({ code })
})

it('the strings to sign take header names in any case', () => {
  const input = { method: 'GET', url: 'https://myaccount.blob.core.windows.net/c', bodyLength: 0 }
  const lower = {
    ...input,
    headers: [
      ['x-ms-date', 'd'],
      ['content-type', 't'],
    ] as const,
  }
  const upper = {
    ...input,
    headers: [
      ['X-Ms-Date', 'd'],
      ['Content-Type', 't'],
    ] as const,
  }
  expect(createStringToSign('myaccount', upper)).toBe(createStringToSign('myaccount', lower))
  expect(createStringToSignLite('myaccount', upper)).toBe(createStringToSignLite('myaccount', lower))
})
