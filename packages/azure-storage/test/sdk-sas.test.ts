import { AzureNamedKeyCredential, generateTableSas } from '@azure/data-tables'
import {
  AccountSASPermissions,
  type BlobSASSignatureValues,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import {
  generateQueueSASQueryParameters,
  StorageSharedKeyCredential as QueueCredential,
  QueueSASPermissions,
} from '@azure/storage-queue'
import { type AzureStorageOptions, azureStorage } from '@ez/azure-storage'
import { type VerifyAzureStorageOptions, verifyAzureStorage } from '@ez/azure-storage/verify'
import { signRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { credentials } from './support/azurite.ts'
import { hosts } from './support/sdk.ts'

const { accountName, accountKey } = credentials
const peer = new StorageSharedKeyCredential(accountName, accountKey)
const now = new Date('2026-11-30T12:00:00Z')
const expiresOn = new Date('2026-11-30T13:00:00Z')
const permissions = ContainerSASPermissions.parse('rw')
const userDelegationKey = {
  signedObjectId: 'd6b1c9f0-0000-4000-8000-000000000001',
  signedTenantId: 'd6b1c9f0-0000-4000-8000-000000000002',
  signedStartsOn: new Date('2026-11-30T11:00:00Z'),
  signedExpiresOn: new Date('2026-12-01T11:00:00Z'),
  signedService: 'b',
  signedVersion: '2023-11-03',
  value: 'dXNlciBkZWxlZ2F0aW9uIGtleQ==',
}

function verify(url: string, options: Partial<VerifyAzureStorageOptions> = {}) {
  return verifyAzureStorage(
    { method: 'GET', url, headers: [], body: null },
    { accountName, secretFor: (_, by) => (by ? userDelegationKey.value : accountKey), now, ...options },
  )
}

const versions = [
  '2015-04-05',
  '2018-03-28',
  '2018-11-09',
  '2019-12-12',
  '2020-02-10',
  '2020-12-06',
  '2023-11-03',
  '2025-07-05',
  '2026-04-06',
]
const snapshot = '2026-11-30T10:00:00.0000000Z'

function link(values: Partial<BlobSASSignatureValues>, path: string, byUser = false): string {
  const all = { containerName: 'cont', expiresOn, permissions, ...values } as BlobSASSignatureValues
  const sas = byUser
    ? generateBlobSASQueryParameters(all, userDelegationKey, accountName)
    : generateBlobSASQueryParameters(all, peer)
  const separator = path.includes('?') ? '&' : '?'
  return `${hosts.blob}/cont${path}${separator}${sas.toString()}`
}

describe('a link by @azure/storage-blob is verified', () => {
  it.each(versions)(
    'of version %s: container, blob, directory, snapshot, version of a blob',
    async (version) => {
      await expect(verify(link({ version }, '/any/name'))).resolves.toMatchObject({
        sas: { resourceKind: 'c' },
      })
      const blob = link({ version, blobName: 'a b/ü+%.txt' }, '/a%20b/%C3%BC%2B%25.txt')
      expect(await verify(blob)).toMatchObject({ sas: { resourceKind: 'b' }, covers: { path: true } })
      await expect(verify(blob.replace('a%20b', 'a%20c'))).rejects.toMatchObject({
        code: 'EZ_SIGNATURE_MISMATCH',
      })
      if (version >= '2018-11-09') {
        const ofSnapshot = link({ version, blobName: 'a', snapshotTime: snapshot }, `/a?snapshot=${snapshot}`)
        expect((await verify(ofSnapshot)).sas).toMatchObject({ resourceKind: 'bs', instant: snapshot })
        await expect(verify(ofSnapshot.replace('T10', 'T11'))).rejects.toMatchObject({
          code: 'EZ_SIGNATURE_MISMATCH',
        })
      }
      if (version >= '2019-12-12') {
        const ofVersion = link({ version, blobName: 'a', versionId: snapshot }, `/a?versionid=${snapshot}`)
        expect((await verify(ofVersion)).sas).toMatchObject({ resourceKind: 'bv', instant: snapshot })
      }
      if (version >= '2020-02-10') {
        const directory = link({ version, blobName: 'dir/sub', isDirectory: true }, '/dir/sub/file')
        expect((await verify(directory)).sas).toMatchObject({
          resource: '/blob/devstoreaccount1/cont/dir/sub',
        })
        await expect(verify(directory.replace('/sub/', '/other/'))).rejects.toMatchObject({
          code: 'EZ_SIGNATURE_MISMATCH',
        })
      }
    },
  )

  it.each(versions.filter((version) => version >= '2020-02-10'))(
    'of version %s, signed with a user delegation key',
    async (version) => {
      const url = link(
        { version, blobName: 'a', correlationId: 'd6b1c9f0-0000-4000-8000-000000000003' },
        '/a',
        true,
      )
      expect(await verify(url)).toMatchObject({ scheme: 'UserDelegationSAS', permissions: 'rw' })
      await expect(verify(url.replace('skoid=d6', 'skoid=e6'))).rejects.toMatchObject({
        code: 'EZ_SIGNATURE_MISMATCH',
      })
    },
  )

  it('that binds headers and parameters of the request', async () => {
    const url = link(
      {
        version: '2026-04-06',
        blobName: 'a',
        requestHeaders: { 'x-a': '1' },
        requestQueryParameters: { q: '2' },
      },
      '/a?q=2',
      true,
    )
    const received = { method: 'GET', url, headers: [['x-a', '1']] as const, body: null }
    const options = { accountName, secretFor: () => userDelegationKey.value, now }
    expect(await verifyAzureStorage(received, options)).toMatchObject({ covers: { headers: ['x-a'] } })
    await expect(verifyAzureStorage({ ...received, headers: [['x-a', '2']] }, options)).rejects.toMatchObject(
      {
        code: 'EZ_SIGNATURE_MISMATCH',
      },
    )
  })

  it('under a stored access policy, which is given back, or looked up', async () => {
    const all = { containerName: 'cont', identifier: 'pol' }
    const url = `${hosts.blob}/cont/a?${generateBlobSASQueryParameters(all, peer)}`
    expect((await verify(url)).sas).toMatchObject({
      identifier: 'pol',
      permissions: '',
      expiresOn: undefined,
    })
    const policyFor = (name: string) => (name === 'pol' ? { permissions: 'r', expiresOn } : undefined)
    expect((await verify(url, { policyFor })).sas).toMatchObject({ permissions: 'r', expiresOn })
    await expect(verify(url, { policyFor: () => undefined })).rejects.toMatchObject({
      code: 'EZ_KEY_UNKNOWN',
    })
    const late = { policyFor, now: new Date('2026-11-30T14:00:00Z') }
    await expect(verify(url, late)).rejects.toMatchObject({ code: 'EZ_SIGNATURE_EXPIRED' })
  })

  it('as far as it holds: protocol, address, kind of resource, service, account', async () => {
    const url = link({ protocol: SASProtocol.Https, ipRange: { start: '10.0.0.1', end: '10.0.0.9' } }, '/a')
    expect((await verify(url)).sas).toMatchObject({ protocol: 'https', ip: '10.0.0.1-10.0.0.9' })
    await expect(verify(url, { clientAddress: '10.0.0.5' })).resolves.toBeDefined()
    const account = `${hosts.blob}/cont/a?${generateAccountSASQueryParameters(
      { expiresOn, permissions: AccountSASPermissions.parse('rl'), resourceTypes: 'c', services: 'q' },
      peer,
    )}`
    const scope = { code: 'EZ_SCOPE_MISMATCH' }
    await expect(verify(url, { clientAddress: '10.0.0.10' })).rejects.toMatchObject(scope)
    await expect(verify(url.replace('https:', 'http:'))).rejects.toMatchObject(scope)
    await expect(verify(account)).rejects.toMatchObject(scope)
    await expect(verify(account.replace('.blob.', '.queue.'))).rejects.toMatchObject(scope)
    await expect(
      verify(account.replace('.blob.', '.queue.').replace('/cont/a', '/cont')),
    ).resolves.toBeDefined()
    const path = url.replace(hosts.blob, 'https://127.0.0.1:10000/other')
    await expect(verify(path)).rejects.toMatchObject({ code: 'EZ_KEY_UNKNOWN' })
  })
})

it('links for queues and tables are verified, and not for others', async () => {
  const queue = generateQueueSASQueryParameters(
    { queueName: 'que', expiresOn, permissions: QueueSASPermissions.parse('ra') },
    new QueueCredential(accountName, accountKey),
  )
  const ofQueue = `${hosts.queue}/que/messages?${queue}`
  expect((await verify(ofQueue)).sas?.resource).toBe('/queue/devstoreaccount1/que')
  await expect(verify(ofQueue.replace('/que/', '/other/'))).rejects.toMatchObject({
    code: 'EZ_SIGNATURE_MISMATCH',
  })
  const table = generateTableSas('Employees', new AzureNamedKeyCredential(accountName, accountKey), {
    expiresOn,
    permissions: { query: true },
    startPartitionKey: 'a',
    startRowKey: '1',
    endPartitionKey: 'b',
    endRowKey: '2',
  })
  const ofTable = `${hosts.table}/Employees(PartitionKey='a',RowKey='1')?${table}`
  const keyRange = { spk: 'a', srk: '1', epk: 'b', erk: '2' }
  expect((await verify(ofTable)).sas).toMatchObject({
    resource: '/table/devstoreaccount1/employees',
    keyRange,
  })
  await expect(verify(ofTable.replace('/Employees', '/Salaries'))).rejects.toMatchObject({
    code: 'EZ_SCOPE_MISMATCH',
  })
})

describe('our links are those of the SDKs', () => {
  const clock = () => now
  async function ours(url: string, options: Partial<AzureStorageOptions>): Promise<string[][]> {
    const signer = azureStorage({ credentials, version: '2023-11-03', ...options } as AzureStorageOptions)
    const prepared = await signRequest({ method: 'GET', url }, [signer], { clock })
    return [...new URL(prepared.url).searchParams].sort()
  }
  const theirs = (url: string): string[][] => [...new URL(url).searchParams].sort()
  const sas = { permissions: 'wr', expiresIn: 3600, protocol: 'https' } as const
  const values = { version: '2023-11-03', protocol: SASProtocol.Https }
  const overrides = {
    cacheControl: 'no-cache',
    contentDisposition: 'attachment; filename="a b"',
    contentEncoding: 'gzip',
    contentLanguage: 'de',
    contentType: 'text/plain',
  }

  it('of snapshots, versions, directories, response headers and encryption scopes', async () => {
    const service = { scheme: 'ServiceSAS', sas } as const
    for (const parameter of ['snapshot', 'versionid'] as const) {
      const field = parameter === 'snapshot' ? 'snapshotTime' : 'versionId'
      const path = `/a?${parameter}=${snapshot}`
      const url = link({ ...values, blobName: 'a', [field]: snapshot }, path)
      expect(await ours(`${hosts.blob}/cont${path}`, service)).toEqual(theirs(url))
    }
    const directory = link({ ...values, blobName: 'dir/sub', isDirectory: true }, '/dir/sub/x')
    const below = { ...sas, resource: 'directory', directory: 'dir/sub' } as const
    expect(await ours(`${hosts.blob}/cont/dir/sub/x`, { ...service, sas: below })).toEqual(theirs(directory))
    const whole = link({ ...values, blobName: 'a', ...overrides, encryptionScope: 'scope' }, '/a')
    const all = { ...sas, responseHeaders: overrides, encryptionScope: 'scope' }
    expect(await ours(`${hosts.blob}/cont/a`, { ...service, sas: all })).toEqual(theirs(whole))
    const inUrl = link({ ...values, blobName: 'a', contentDisposition: 'inline' }, '/a')
    expect(await ours(`${hosts.blob}/cont/a?rscd=inline`, service)).toEqual(theirs(inUrl))
  })

  it('under a stored access policy alone', async () => {
    const query = generateBlobSASQueryParameters(
      { containerName: 'cont', identifier: 'pol', ...values },
      peer,
    )
    const identifier = { scheme: 'ServiceSAS', sas: { identifier: 'pol' } } as const
    expect(await ours(`${hosts.blob}/cont`, identifier)).toEqual(theirs(`${hosts.blob}/cont?${query}`))
  })

  it.each(['2020-12-06', '2023-11-03', '2025-07-05', '2026-04-06'])(
    'with a user delegation key, version %s',
    async (version) => {
      const url = link({ ...values, version, blobName: 'a' }, '/a', true)
      const byUser = { accountName, userDelegationKey }
      const options = { scheme: 'UserDelegationSAS', sas, version, credentials: byUser } as const
      expect(await ours(`${hosts.blob}/cont/a`, options)).toEqual(theirs(url))
    },
  )

  it('of queues and tables', async () => {
    const permissions = QueueSASPermissions.parse('pra')
    const queue = generateQueueSASQueryParameters(
      { queueName: 'que', expiresOn, permissions, ...values },
      new QueueCredential(accountName, accountKey),
    )
    const ofQueue = { scheme: 'ServiceSAS', sas: { ...sas, permissions: 'pra' } } as const
    expect(await ours(`${hosts.queue}/que/messages`, ofQueue)).toEqual(theirs(`${hosts.queue}/que?${queue}`))
    const range = { startPartitionKey: 'a', startRowKey: '1', endPartitionKey: 'b', endRowKey: '2' }
    const table = generateTableSas('Employees', new AzureNamedKeyCredential(accountName, accountKey), {
      expiresOn,
      permissions: { query: true, delete: true },
      protocol: 'https',
      version: '2023-11-03',
      ...range,
    })
    const ofTable = { scheme: 'ServiceSAS', sas: { ...sas, permissions: 'dr', ...range } } as const
    const url = `${hosts.table}/Employees(PartitionKey='a',RowKey='1')`
    expect(await ours(url, ofTable)).toEqual(theirs(`${hosts.table}/x?${table}`))
  })
})
