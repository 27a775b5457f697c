import { prepare, type SignResult } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cosmosAuth, partitionKeyHeader } from '../src/index.ts'
import { verifyCosmosAuth } from '../src/verify/verify.ts'
import { at, request } from './requests.ts'

type GenerateHeaders = (
  key: string,
  method: string,
  type: string,
  link: string,
  date: Date,
) => Promise<Record<string, string>>

// Not among the exports of @azure/cosmos, and the very function that its client signs with.
const inside = new URL('../node_modules/@azure/cosmos/dist/esm/utils/headers.js', import.meta.url).href
const { generateHeaders } = (await import(inside)) as { generateHeaders: GenerateHeaders }

const account = 'https://account.documents.azure.com'
const key = fc
  .uint8Array({ minLength: 1, maxLength: 64 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))
const date = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  // Names hold no slash and no line break: Azure Cosmos DB, "Service quotas", and no URL can tell them apart.
  .filter((id) => id !== '.' && id !== '..' && !/^.{6}==$|[/\\\r\n]/.test(id))
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE')
const types = fc.constantFrom('docs', 'sprocs', 'udfs', 'triggers')

it('signs names as @azure/cosmos does', async () => {
  await fc.assert(
    fc.asyncProperty(
      key,
      date,
      method,
      types,
      fc.array(name, { minLength: 2, maxLength: 3 }),
      async (masterKey, when, verb, type, [db = '', coll = '', id]) => {
        const parent = `dbs/${db}/colls/${coll}`
        const link = id === undefined ? parent : `${parent}/${type}/${id}`
        const path = [`dbs`, db, 'colls', coll, type, ...(id === undefined ? [] : [id])]
          .map(encodeRfc3986)
          .join('/')
        const { patch } = cosmosAuth({ masterKey }).sign(
          request(verb, `${account}/${path}`),
          at(when.getTime()),
        ) as SignResult
        const theirs = await generateHeaders(masterKey, verb, type, link, when)
        expect(patch.headers).toMatchObject(theirs)
        const signed = { ...request(verb, `${account}/${path}`), headers: Object.entries(patch.headers) }
        const verified = await verifyCosmosAuth(signed, { secretFor: () => masterKey, now: when })
        expect(verified.kind).toBe('master')
      },
    ),
    { numRuns: 300 },
  )
})

it('writes partition keys that come back whole, in ASCII, past the template', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.constant(null),
        ),
      ),
      async (parts) => {
        const headers = { 'x-ms-documentdb-partitionkey': partitionKeyHeader(parts) }
        const prepared = await prepare({ method: 'GET', url: account, headers })
        const [[, value] = ['', '']] = prepared.headers
        expect(value).toMatch(/^[\x20-\x7e]*$/)
        expect(JSON.stringify(JSON.parse(value))).toBe(JSON.stringify(parts))
      },
    ),
    { numRuns: 200 },
  )
})

it('writes an item without a partition key as an empty object', () => {
  expect(partitionKeyHeader(undefined)).toBe('[{}]')
  expect(partitionKeyHeader(['{{x}}', undefined])).toBe('["\\u007b\\u007bx}}",{}]')
})
