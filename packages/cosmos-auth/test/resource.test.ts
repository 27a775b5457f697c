import { describe, expect, it } from 'vitest'
import { deriveResource, normalizeLink } from '../src/resource.ts'

const account = 'https://account.documents.azure.com'

// Every URL form of the REST API: type, then link, by name.
// See learn.microsoft.com/rest/api/cosmos-db/cosmosdb-resource-uri-syntax-for-rest
const byName: [string, string, string][] = [
  ['', '', ''],
  ['/', '', ''],
  ['/dbs', 'dbs', ''],
  ['/dbs/D', 'dbs', 'dbs/D'],
  ['/dbs/D/colls', 'colls', 'dbs/D'],
  ['/dbs/D/colls/C', 'colls', 'dbs/D/colls/C'],
  ['/dbs/D/colls/C/docs', 'docs', 'dbs/D/colls/C'],
  ['/dbs/D/colls/C/docs/I', 'docs', 'dbs/D/colls/C/docs/I'],
  ['/dbs/D/colls/C/docs/I/attachments', 'attachments', 'dbs/D/colls/C/docs/I'],
  ['/dbs/D/colls/C/docs/I/attachments/A', 'attachments', 'dbs/D/colls/C/docs/I/attachments/A'],
  ['/dbs/D/colls/C/sprocs', 'sprocs', 'dbs/D/colls/C'],
  ['/dbs/D/colls/C/sprocs/S', 'sprocs', 'dbs/D/colls/C/sprocs/S'],
  ['/dbs/D/colls/C/triggers', 'triggers', 'dbs/D/colls/C'],
  ['/dbs/D/colls/C/triggers/T', 'triggers', 'dbs/D/colls/C/triggers/T'],
  ['/dbs/D/colls/C/udfs', 'udfs', 'dbs/D/colls/C'],
  ['/dbs/D/colls/C/udfs/U', 'udfs', 'dbs/D/colls/C/udfs/U'],
  ['/dbs/D/colls/C/conflicts', 'conflicts', 'dbs/D/colls/C'],
  ['/dbs/D/colls/C/conflicts/X', 'conflicts', 'dbs/D/colls/C/conflicts/X'],
  ['/dbs/D/colls/C/pkranges', 'pkranges', 'dbs/D/colls/C'],
  ['/dbs/D/colls/C/operations/partitionkeydelete', 'colls', 'dbs/D/colls/C'],
  ['/dbs/D/clientencryptionkeys', 'clientencryptionkeys', 'dbs/D'],
  ['/dbs/D/clientencryptionkeys/K', 'clientencryptionkeys', 'dbs/D/clientencryptionkeys/K'],
  ['/dbs/D/users', 'users', 'dbs/D'],
  ['/dbs/D/users/U', 'users', 'dbs/D/users/U'],
  ['/dbs/D/users/U/permissions', 'permissions', 'dbs/D/users/U'],
  ['/dbs/D/users/U/permissions/P', 'permissions', 'dbs/D/users/U/permissions/P'],
  ['/offers', 'offers', ''],
  ['/offers/AhnP', 'offers', 'ahnp'],
  ['/dbs/D/colls/C/docs?maxItemCount=1#x', 'docs', 'dbs/D/colls/C'],
]

const byRid: [string, string, string][] = [
  ['/dbs/DPZtAA==', 'dbs', 'dpztaa=='],
  ['/dbs/DPZtAA==/colls', 'colls', 'dpztaa=='],
  ['/dbs/DPZtAA==/colls/DPZtAKyOj5g=', 'colls', 'dpztakyoj5g='],
  ['/dbs/DPZtAA==/colls/DPZtAKyOj5g=/docs', 'docs', 'dpztakyoj5g='],
  [
    '/dbs/DPZtAA%3D%3D/colls/DPZtAKyOj5g%3D/docs/DPZtAKyOj5gBAAAAAAAAAA%3D%3D',
    'docs',
    'dpztakyoj5gbaaaaaaaaaa==',
  ],
  ['/dbs/XP0-AA==/colls/XP0mAJ3H-AA=/docs', 'docs', 'xp0maj3h-aa='],
  ['/dbs/DPZtAA==/users/DPZtAE2cLwA=/permissions', 'permissions', 'dpztae2clwa='],
]

// As ids are in the URL, and as they are signed.
const ids: [string, string][] = [
  ['a%20b', 'a b'],
  ['%C3%BF-%E2%98%83', 'ÿ-☃'],
  ['a%7Cb', 'a|b'],
  ['%253D', '%3D'],
  ['a%25', 'a%'],
  ['a+b', 'a+b'],
  ['a%2Bb', 'a+b'],
  ['a%23b', 'a#b'],
  ['a%3Fb', 'a?b'],
  ["a'b(c)!*", "a'b(c)!*"],
  ['docs', 'docs'],
]

describe('type and link from the URL', () => {
  it.each([...byName, ...byRid])('%s', (path, type, link) => {
    expect(deriveResource(account + path)).toEqual({ type, link })
  })

  it.each(ids)('the id %s', (written, signed) => {
    expect(deriveResource(`${account}/dbs/D/colls/C/docs/${written}`).link).toBe(
      `dbs/D/colls/C/docs/${signed}`,
    )
  })

  it.each(['/cosmos/dbs/D', '/colls/C', '/dbs/%FF'])('is refused for %s', (path) => {
    expect(() => deriveResource(account + path)).toThrow(
      expect.objectContaining({ code: 'EZ_COSMOS_RESOURCE_UNKNOWN' }),
    )
  })

  it('takes a database whose name looks like a RID by name when told so', () => {
    expect(deriveResource(`${account}/dbs/AbCdEf==/colls/C`, 'name').link).toBe('dbs/AbCdEf==/colls/C')
    expect(deriveResource(`${account}/dbs/D/colls/C`, 'rid').link).toBe('c')
  })
})

describe('a link that was given', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['/dbs/MyDb/', 'dbs/MyDb'],
    ['dbs/MyDb/colls/C%3D', 'dbs/MyDb/colls/C%3D'],
    ['DPZtAKyOj5g=', 'dpztakyoj5g='],
    ['dbs/DPZtAA==/colls/DPZtAKyOj5g=', 'dpztakyoj5g='],
    ['offers/AhnP', 'ahnp'],
    ['AhnP', 'ahnp'],
  ])('%j is signed as %j', (link, signed) => {
    expect(normalizeLink(link)).toBe(signed)
  })
})

it.each(['/dbs/D/colls/C/docs/', '/dbs//colls/C', '//dbs', '/dbs/'])(
  'refuses %s: a name in it is empty',
  (path) => {
    expect(() => deriveResource(`https://account.documents.azure.com${path}`)).toThrow(
      expect.objectContaining({ code: 'EZ_URL_NOT_SENDABLE' }),
    )
  },
)
