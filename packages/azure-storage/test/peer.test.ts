import {
  AccountSASPermissions,
  BlobSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob'
import { azureStorage } from '@ez/azure-storage'
import { signRequest } from '@ez/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { credentials } from './support/azurite.ts'

const { accountName, accountKey } = credentials
const peer = new StorageSharedKeyCredential(accountName, accountKey)
const version = '2023-11-03'
const instant = fc
  .date({ min: new Date('2021-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000))

async function queryOf(
  url: string,
  scheme: 'AccountSAS' | 'ServiceSAS',
  sas: object,
  now: Date,
): Promise<string[][]> {
  const signer = azureStorage({ credentials, scheme, sas: sas as { permissions: string } })
  const prepared = await signRequest({ method: 'GET', url }, [signer], { clock: () => now })
  return [...new URL(prepared.url).searchParams].sort()
}

describe('shared access signatures are those of @azure/storage-blob', () => {
  it('of accounts', () =>
    fc.assert(
      fc.asyncProperty(
        instant,
        fc.integer({ min: 1, max: 1e6 }),
        fc.boolean(),
        async (now, expiresIn, open) => {
          const ours = await queryOf(
            'https://devstoreaccount1.blob.core.windows.net/',
            'AccountSAS',
            {
              permissions: 'rwl',
              expiresIn,
              startsIn: 0,
              protocol: open ? 'https,http' : 'https',
            },
            now,
          )
          const theirs = generateAccountSASQueryParameters(
            {
              startsOn: now,
              expiresOn: new Date(now.getTime() + expiresIn * 1000),
              permissions: AccountSASPermissions.parse('rwl'),
              services: 'bq',
              resourceTypes: 'sco',
              protocol: open ? SASProtocol.HttpsAndHttp : SASProtocol.Https,
              version,
            },
            peer,
          )
          expect(ours).toEqual([...new URLSearchParams(theirs.toString())].sort())
        },
      ),
    ))

  it('of blobs with any name', () =>
    fc.assert(
      fc.asyncProperty(
        instant,
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
        async (now, text) => {
          // A segment of dots is refused by core: no URL can hold it.
          const blobName = `n${text.replaceAll('\\', '/').replace(/\/\.*(?=\/|$)/g, '/n')}`
          fc.pre(blobName.isWellFormed())
          const path = blobName.split('/').map(encodeURIComponent).join('/')
          const url = `https://devstoreaccount1.blob.core.windows.net/pictures/${path}`
          const ours = await queryOf(url, 'ServiceSAS', { permissions: 'r', expiresIn: 60 }, now)
          const theirs = generateBlobSASQueryParameters(
            {
              containerName: 'pictures',
              blobName,
              expiresOn: new Date(now.getTime() + 60_000),
              permissions: BlobSASPermissions.parse('r'),
              protocol: SASProtocol.Https,
              version,
            },
            peer,
          )
          expect(ours).toEqual([...new URLSearchParams(theirs.toString())].sort())
        },
      ),
    ))
})
