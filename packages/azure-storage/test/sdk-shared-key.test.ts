import { AzureNamedKeyCredential, TableClient } from '@azure/data-tables'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { StorageSharedKeyCredential as QueueCredential, QueueServiceClient } from '@azure/storage-queue'
import { azureStorage } from '@ez/azure-storage'
import { verifyAzureStorage } from '@ez/azure-storage/verify'
import { signRequest } from '@ez/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { credentials } from './support/azurite.ts'
import { capture, hosts, type Sent } from './support/sdk.ts'

const { accountName, accountKey } = credentials
const noRetries = { retryOptions: { maxTries: 1, maxRetries: 0 } }

/** What the SDK sent, signed again by ours: the same authorization; and our verifier takes it. */
async function holds(sent: Sent, scheme: 'SharedKey' | 'SharedKeyLite'): Promise<void> {
  const of = (name: string): string => sent.headers.find(([key]) => key === name)?.[1] ?? ''
  const now = new Date(of('x-ms-date'))
  const verified = await verifyAzureStorage(sent, { accountName, secretFor: () => accountKey, now })
  expect(verified).toMatchObject({ keyId: accountName, scheme })
  const headers = sent.headers.filter(
    ([name]) => !/^(authorization|content-length|accept-encoding)$/.test(name),
  )
  const ours = await signRequest(
    {
      method: sent.method,
      url: sent.url,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      ...bodyOf(sent),
    },
    [azureStorage({ credentials, scheme, version: of('x-ms-version') })],
    { clock: () => now },
  )
  expect(ours.headers.find(([name]) => name === 'authorization')?.[1]).toBe(of('authorization'))
  expect(ours.url).toBe(sent.url)
}

function bodyOf({ body }: Sent): { body?: Uint8Array } {
  return body?.length ? { body } : {}
}

const metadataName = fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/)
const metadata = fc.uniqueArray(fc.tuple(metadataName, fc.stringMatching(/^[!-~]([ -~]{0,8}[!-~])?$/)), {
  minLength: 1,
  maxLength: 8,
  selector: ([name]) => name,
})
const segment = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((text) => text.isWellFormed() && !/^\.+$|[\\/\r\n]/.test(text))

describe('what @azure/storage-blob signs', () => {
  it('with any metadata names is what we sign, in the same order', async () => {
    const { httpClient, last } = capture()
    const service = new BlobServiceClient(
      hosts.blob,
      new StorageSharedKeyCredential(accountName, accountKey),
      {
        httpClient,
        ...noRetries,
      },
    )
    await fc.assert(
      fc.asyncProperty(metadata, async (pairs) => {
        await service
          .getContainerClient('c')
          .setMetadata(Object.fromEntries(pairs))
          .catch(() => undefined)
        await holds(last(), 'SharedKey')
      }),
      {
        examples: [
          [
            [
              ['i0', '1'],
              ['i_', '2'],
              ['ia', '3'],
              ['i', '4'],
            ],
          ],
        ],
      },
    )
  })

  it('with header names of any characters is what we sign', async () => {
    const { httpClient, last } = capture()
    const service = new BlobServiceClient(
      hosts.blob,
      new StorageSharedKeyCredential(accountName, accountKey),
      {
        httpClient,
        ...noRetries,
      },
    )
    const name = fc.stringMatching(/^[a-b0-1!#$%&'*+.^_`|~-]{0,5}$/)
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 2, maxLength: 8 }), async (names) => {
        const pairs = Object.fromEntries(names.map((one) => [`x${one}`, '1']))
        await service
          .getContainerClient('c')
          .setMetadata(pairs)
          .catch(() => undefined)
        await holds(last(), 'SharedKey')
      }),
      { examples: [[['-', '--', '_-', '-_', '__', '_a', '']]] },
    )
  })

  it('for blobs of any name, ranges, conditions and lists is what we sign', async () => {
    const { httpClient, last } = capture()
    const service = new BlobServiceClient(
      hosts.blob,
      new StorageSharedKeyCredential(accountName, accountKey),
      {
        httpClient,
        ...noRetries,
      },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { minLength: 1, maxLength: 3 }),
        fc.nat(100),
        async (names, offset) => {
          const container = service.getContainerClient('c')
          const blob = container.getBlockBlobClient(names.join('/'))
          await blob.download(offset, 4, { conditions: { ifMatch: '"0x1"' } }).catch(() => undefined)
          await holds(last(), 'SharedKey')
          await blob.upload('body', 4, { conditions: { ifNoneMatch: '*' } }).catch(() => undefined)
          await holds(last(), 'SharedKey')
          await container
            .listBlobsFlat({ prefix: names[0] ?? '', includeMetadata: true, includeSnapshots: true })
            .next()
            .catch(() => undefined)
          await holds(last(), 'SharedKey')
        },
      ),
      { numRuns: 50 },
    )
  })
})

it('what @azure/storage-queue signs is what we sign', async () => {
  const { httpClient, last } = capture()
  const service = new QueueServiceClient(hosts.queue, new QueueCredential(accountName, accountKey), {
    httpClient,
    ...noRetries,
  })
  await service
    .getQueueClient('que')
    .sendMessage('hello &<> ü')
    .catch(() => undefined)
  await holds(last(), 'SharedKey')
  await service.createQueue('que', { metadata: { i0: '1', i_: '2' } }).catch(() => undefined)
  await holds(last(), 'SharedKey')
})

it('what @azure/data-tables signs is what we sign, with quotes in the keys', async () => {
  const { httpClient, last } = capture()
  const client = new TableClient(
    hosts.table,
    'Employees',
    new AzureNamedKeyCredential(accountName, accountKey),
    {
      httpClient,
      ...noRetries,
    },
  )
  await fc.assert(
    fc.asyncProperty(segment, segment, async (partitionKey, rowKey) => {
      await client.getEntity(partitionKey, rowKey).catch(() => undefined)
      await holds(last(), 'SharedKeyLite')
      await client.createEntity({ partitionKey, rowKey, a: "it's" }).catch(() => undefined)
      await holds(last(), 'SharedKeyLite')
      const filter = { queryOptions: { filter: "PartitionKey eq 'a+b'" } }
      await client
        .listEntities(filter)
        .next()
        .catch(() => undefined)
      await holds(last(), 'SharedKeyLite')
    }),
    { numRuns: 30, examples: [["O'Neil", 'a b']] },
  )
})
