// Each option and each feature of a URL: what is sent is signed as Microsoft's own client signs it, or refused.
import {
  BlobSASPermissions,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { type AzureStorageOptions, azureStorage, type SasOptions } from '@ez/azure-storage'
import { type ConcreteRequest, EzError, type PreparedRequest, signRequest } from '@ez/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { credentials } from './support/azurite.ts'
import { hosts } from './support/sdk.ts'

const { accountName, accountKey } = credentials
const now = new Date('2026-01-15T12:36:00Z')
const peer = new StorageSharedKeyCredential(accountName, accountKey)

// The SDK's policy reads the system's clock.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now }))
afterAll(() => void vi.useRealTimers())

interface VendorPolicy {
  signRequest(request: object): unknown
}

/** What the SDK's own policy writes for a request, as it is sent. */
function vendorAuthorization(sent: PreparedRequest): string {
  const headers = new Map(sent.headers.filter(([name]) => name !== 'authorization'))
  const policy = peer.create({} as never, {} as never) as unknown as VendorPolicy
  policy.signRequest({
    method: sent.method,
    url: sent.url,
    body: sent.body === null ? undefined : Buffer.from(sent.body as Uint8Array),
    headers: {
      get: (name: string) => headers.get(name.toLowerCase()),
      set: (name: string, value: string | number) => headers.set(name.toLowerCase(), String(value)),
      headersArray: () => [...headers].map(([name, value]) => ({ name, value })),
    },
  })
  return headers.get('authorization') ?? ''
}

async function signed(
  request: ConcreteRequest,
  options: Partial<AzureStorageOptions>,
): Promise<PreparedRequest | undefined> {
  try {
    const signer = azureStorage({ credentials, ...options } as AzureStorageOptions)
    return await signRequest(request, [signer], { clock: () => now })
  } catch (error) {
    if (!EzError.isInstance(error)) throw error
    return undefined
  }
}

const part = fc.string({
  unit: fc.constantFrom(
    ...[...'aZ09-._~ +%/=&?#:@!$\'()*,;[]{}|^`<>"\\é☃😀'],
    '%2F',
    '%2f',
    '%C3%BC',
    '%41',
    '//',
    '..',
  ),
  maxLength: 5,
})
const encoded = fc.tuple(part, fc.boolean()).map(([text, raw]) => (raw ? text : encodeURIComponent(text)))
// No names that need escapes, which the service does not have: the SDK leaves them undecoded.
const names = ['comp', 'restype', 'prefix', 'Marker', 'timeout', 'snapshot', 'a', '$filter', 'x-y_z', '']
// Not those in which the SDK, which never sends them, leaves the documentation ("Authorize with Shared Key"): `date`, whose
// line is empty beside x-ms-date, and `content-encoding`, which stands before `content-language`.
const headerNames = [
  'content-type',
  'content-md5',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'range',
  'x-ms-meta-a_b',
  'x-ms-meta-a0',
  'x-ms-blob-type',
  'x-custom',
]
const requests = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD'),
  origin: fc.constantFrom(hosts.blob, hosts.queue, 'http://127.0.0.1:10000/devstoreaccount1'),
  path: fc.array(encoded, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
  query: fc.array(fc.tuple(fc.constantFrom(...names), fc.option(encoded, { nil: null, freq: 8 })), {
    maxLength: 3,
  }),
  headers: fc.uniqueArray(
    fc.tuple(
      fc.constantFrom(...headerNames),
      fc.constantFrom('x', 'a  b', '"a, b"', 'text/plain; charset=utf-8'),
    ),
    { maxLength: 5, selector: ([name]) => name },
  ),
  body: fc.option(fc.constantFrom('', '{"a":1}', 'é'), { nil: undefined }),
})

describe('what is sent is signed as @azure/storage-blob signs it, or refused with a code', () => {
  it('with a key: over URLs, headers and bodies', async () => {
    const counts = { equal: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, origin, path, query, headers, body }) => {
        const search = query.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join('&')
        const sent = await signed(
          {
            method,
            url: `${origin}${path}${search === '' ? '' : `?${search}`}`,
            headers: headers.map(([name, value]): [string, string] => [name, value]),
            ...(body === undefined || method === 'GET' || method === 'HEAD' ? {} : { body }),
          },
          { scheme: 'SharedKey' },
        )
        if (!sent) {
          counts.refused += 1
          return
        }
        // Of names that are repeated, the documentation signs all values, and the SDK the last.
        const sentNames = [...new URL(sent.url).searchParams.keys()].map((name) => name.toLowerCase())
        if (new Set(sentNames).size < sentNames.length) return
        const told = `${sent.method} ${sent.url} ${JSON.stringify(sent.headers)}`
        expect(sent.headers.find(([name]) => name === 'authorization')?.[1], told).toBe(
          vendorAuthorization(sent),
        )
        counts.equal += 1
      }),
      { numRuns: 400, seed: 1 },
    )
    console.log(`azure-storage options: ${counts.equal} equal, ${counts.refused} refused (seed 1)`)
    expect(counts.equal).toBeGreaterThan(40)
  })

  const sas: fc.Arbitrary<SasOptions> = fc.record(
    {
      permissions: fc
        // Those that the SDK knows for containers; it has no letters for what only a hierarchical account can do.
        .subarray([...'racwdxltmei'], { minLength: 1 })
        .chain((letters) => fc.shuffledSubarray(letters, { minLength: letters.length }))
        .map((letters) => letters.join('')),
      expiresIn: fc.constantFrom(1, 3600),
      startsIn: fc.constantFrom(-60, 60),
      identifier: fc.constantFrom('pol', 'ü &='),
      ip: fc.constantFrom('168.1.5.60', '168.1.5.60-168.1.5.70'),
      protocol: fc.constantFrom('https' as const, 'https,http' as const),
      encryptionScope: fc.constantFrom('scope'),
      responseHeaders: fc.record(
        { cacheControl: fc.constant('no-cache'), contentDisposition: fc.constant('a; filename="a b+ü"') },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['permissions'] },
  )
  const resources = fc.oneof(
    fc.constant({ path: '', query: '' }),
    fc.record({
      path: fc.stringMatching(/^[a-z0-9 +%üé]{1,6}$/).filter((text) => text.trim() === text),
      query: fc.constantFrom(
        '',
        'snapshot=2026-01-14T10:00:00.0000000Z',
        'versionid=2026-01-14T10:00:00.0000000Z',
      ),
    }),
  )

  it('with a link: over every field of it, snapshots and versions', async () => {
    const counts = { equal: 0, refused: 0 }
    const versions = fc.constantFrom('2020-12-06', '2023-11-03', '2026-04-06')
    await fc.assert(
      fc.asyncProperty(sas, resources, versions, async (chosen, { path, query }, version) => {
        const blobName = path === '' ? undefined : path
        const url = `${hosts.blob}/cont${blobName === undefined ? '' : `/${encodeURIComponent(blobName)}`}`
        const sent = await signed(
          { method: 'GET', url: `${url}${query === '' ? '' : `?${query.replaceAll(':', '%3A')}`}` },
          { scheme: 'ServiceSAS', sas: chosen, version },
        )
        if (!sent) {
          counts.refused += 1
          return
        }
        const { permissions = '', startsIn, expiresIn, ip, protocol, identifier, responseHeaders } = chosen
        const [start = '', end] = (ip ?? '').split('-')
        const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
        const theirs = generateBlobSASQueryParameters(
          {
            containerName: 'cont',
            version,
            protocol: protocol === 'https,http' ? SASProtocol.HttpsAndHttp : SASProtocol.Https,
            permissions:
              blobName === undefined
                ? ContainerSASPermissions.parse(permissions)
                : BlobSASPermissions.parse(permissions),
            ...(blobName === undefined ? {} : { blobName }),
            ...(query.startsWith('snapshot') ? { snapshotTime: query.slice(9) } : {}),
            ...(query.startsWith('version') ? { versionId: query.slice(10) } : {}),
            ...(startsIn === undefined ? {} : { startsOn: later(startsIn) }),
            // Under a stored policy, the policy may say how long.
            ...(identifier !== undefined && expiresIn === undefined
              ? {}
              : { expiresOn: later(expiresIn ?? 900) }),
            ...(identifier === undefined ? {} : { identifier }),
            ...(ip === undefined ? {} : { ipRange: { start, ...(end === undefined ? {} : { end }) } }),
            ...(chosen.encryptionScope === undefined ? {} : { encryptionScope: chosen.encryptionScope }),
            ...responseHeaders,
          },
          peer,
        )
        const pairsOf = (search: string): string[][] =>
          [...new URLSearchParams(search)]
            .filter(([name]) => !/^(?:snapshot|versionid)$/.test(name ?? ''))
            .sort()
        expect(pairsOf(new URL(sent.url).search), `${sent.url} ${JSON.stringify(chosen)}`).toEqual(
          pairsOf(theirs.toString()),
        )
        counts.equal += 1
      }),
      { numRuns: 400, seed: 2 },
    )
    console.log(`azure-storage links: ${counts.equal} equal, ${counts.refused} refused (seed 2)`)
    expect(counts.equal).toBeGreaterThan(40)
  })
})
