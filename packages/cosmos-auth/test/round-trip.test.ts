import { EzError, type ResolvedRequest, type Signer, type SignResult } from '@ez/core'
import { describeVerifier } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import {
  type CosmosAuthOptions,
  cosmosAuth,
  deleteItem,
  partitionKeyHeader,
  provider,
  readItem,
} from '../src/index.ts'
import { type VerifyCosmosAuthOptions, verifyCosmosAuth } from '../src/verify/verify.ts'
import { at, request } from './requests.ts'

const masterKey = 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='
const time = Date.UTC(2017, 3, 27, 0, 51, 12)

async function send(signer: Signer, unsigned: ResolvedRequest): Promise<ResolvedRequest> {
  const { patch } = (await signer.sign(unsigned, at(time))) as SignResult
  return { ...unsigned, headers: [...unsigned.headers, ...Object.entries(patch.headers)] }
}

function verify(signed: Request | ResolvedRequest, options: Partial<VerifyCosmosAuthOptions> = {}) {
  return verifyCosmosAuth(signed, {
    secretFor: () => ['b3RoZXI=', masterKey],
    now: () => new Date(time),
    ...options,
  })
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )
  return EzError.isInstance(error) ? error.code : String(error)
}

const url = 'https://account.documents.azure.com/dbs/My%20Db/colls/C/docs/a%7Cb%25+%23%3F%E2%98%83'

describe('the verifier', () => {
  it('accepts a signed request, and reads no body', async () => {
    const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
    expect(await verify(signed)).toMatchObject({
      keyId: 'account.documents.azure.com',
      covers: { method: true, host: false, path: true, query: [], headers: ['x-ms-date'], body: 'none' },
      kind: 'master',
      signedNames: ['method', 'resource type', 'resource link', 'x-ms-date'],
      body: null,
    })
    expect(
      (await verify(new Request(signed.url, { headers: Object.fromEntries(signed.headers) }))).kind,
    ).toBe('master')
  })

  it.each<[string, Partial<ResolvedRequest>]>([
    ['verb', { method: 'DELETE' }],
    ['path', { url: url.replace('/C/', '/c/') }],
  ])('refuses another %s and tells its payload', async (_, change) => {
    const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
    const error = await verify({ ...signed, ...change }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'EZ_SIGNATURE_MISMATCH',
      details: { stages: { 'string-to-sign': expect.stringContaining('docs\ndbs/My Db/') } },
    })
  })

  it('refuses a wrong key, an unknown account and a date outside the window', async () => {
    const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
    expect(await codeOf(verify(signed, { secretFor: () => 'b3RoZXI=' }))).toBe('EZ_SIGNATURE_MISMATCH')
    expect(await codeOf(verify(signed, { secretFor: () => undefined }))).toBe('EZ_KEY_UNKNOWN')
    expect(await codeOf(verify(signed, { now: () => new Date(time + 901_000) }))).toBe('EZ_CLOCK_SKEW')
    expect(await codeOf(verify(signed, { now: () => new Date(time - 301_000) }))).toBe('EZ_CLOCK_SKEW')
    expect(await codeOf(verify(request('GET', url)))).toBe('EZ_AUTHORIZATION_MISSING')
  })

  it('refuses a header that was encoded twice or not at all', async () => {
    const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
    const change = (edit: (value: string) => string): ResolvedRequest => ({
      ...signed,
      headers: signed.headers.map(([name, value]) => [name, name === 'authorization' ? edit(value) : value]),
    })
    expect(await codeOf(verify(change(encodeURIComponent)))).toBe('EZ_AUTHORIZATION_INVALID')
    expect(await codeOf(verify(change(() => 'type=master&ver=1.0&sig=a+b=')))).toBe('EZ_SIGNATURE_MISMATCH')
  })

  it('asks about tokens', async () => {
    const resource = await send(
      cosmosAuth({ resourceToken: 'type=resource&ver=1&sig=abc+/=;def;' }),
      request('GET', url),
    )
    expect(await codeOf(verify(resource))).toBe('EZ_KEY_UNKNOWN')
    const seen: string[] = []
    const tokenAccepted = (_: string, token: string): boolean => seen.push(token) > 0
    await verify(resource, { tokenAccepted })
    await verify(await send(cosmosAuth({ aadToken: 'eyJ0.X.Y' }), request('GET', url)), { tokenAccepted })
    expect(seen).toEqual(['type=resource&ver=1&sig=abc+/=;def;', 'eyJ0.X.Y'])
  })
})

describe('the signer', () => {
  it.each<[string, CosmosAuthOptions, string]>([
    ['no credential', {}, 'EZ_CREDENTIAL_MISSING'],
    ['an empty key', { masterKey: '' }, 'EZ_CREDENTIAL_MISSING'],
    ['a key that is not base64', { masterKey: 'not base64!' }, 'EZ_CREDENTIAL_INVALID'],
    ['two credentials', { masterKey, aadToken: 'x' }, 'EZ_OPTION_INVALID'],
    ['an unknown option', { masterKey, resource: 'dbs' } as CosmosAuthOptions, 'EZ_OPTION_INVALID'],
  ])('refuses %s', (_, options, code) => {
    expect(() => cosmosAuth(options)).toThrow(expect.objectContaining({ code }))
    expect(() => provider.create(options)).toThrow(expect.objectContaining({ code }))
  })

  it('writes the version unless it is left to the request', async () => {
    const versionOf = async (options: CosmosAuthOptions): Promise<string | undefined> =>
      (await send(cosmosAuth(options), request('GET', url))).headers.find(
        ([name]) => name === 'x-ms-version',
      )?.[1]
    expect(await versionOf({ masterKey })).toBe('2020-07-15')
    expect(await versionOf({ masterKey, version: '2018-12-31' })).toBe('2018-12-31')
    expect(await versionOf({ masterKey, version: null })).toBeUndefined()
    expect(cosmosAuth({ masterKey, version: null }).writes.headers).toEqual(['authorization', 'x-ms-date'])
  })

  it('takes credentials from a function, now or later', async () => {
    const thenable = { then: (done: (value: object) => void) => done({ masterKey }) } as Promise<object>
    for (const credentials of [() => ({ masterKey }), async () => ({ masterKey }), () => thenable])
      expect((await verify(await send(cosmosAuth({ credentials }), request('GET', url)))).kind).toBe('master')
    const nothing = cosmosAuth({ credentials: () => ({}) })
    expect(() => nothing.sign(request('GET', url), at(time))).toThrow(
      expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }),
    )
  })
})

describe('a path that could be read as another one', () => {
  const base = 'https://account.documents.azure.com'
  it.each([
    ['an escaped slash in an id', '/dbs/D/colls/C/docs/a%2Fb'],
    ['dot segments', '/dbs/D/colls/X/../C/docs'],
    ['a type in upper case', '/dbs/D/colls/C/DOCS'],
    ['an empty name', '/dbs//colls/C'],
    ['a RID within another database', '/dbs/AAAAAA==/colls/DPZtAKyOj5g='],
  ])('%s is refused', async (_, path) => {
    const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
    expect(await codeOf(verify({ ...signed, url: base + path }))).toBe('EZ_REQUEST_INVALID')
  })

  it('a RID is signed without its path, and given back as it is signed', async () => {
    const byRid = `${base}/dbs/DPZtAA==/colls/DPZtAKyOj5g=`
    const verified = await verify(await send(cosmosAuth({ masterKey }), request('GET', byRid)))
    expect(verified).toMatchObject({
      covers: { path: false },
      resource: { type: 'colls', link: 'dpztakyoj5g=' },
    })
  })

  it('what a look-up throws has a code', async () => {
    const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
    const secretFor = () => {
      throw new Error('the store is down')
    }
    expect(await codeOf(verifyCosmosAuth(signed, { secretFor }))).toBe('EZ_OPTION_INVALID')
  })

  it('of a skew says by how much', async () => {
    const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
    const late = await verify(signed, { now: new Date(new Date(time).getTime() + 1_000_000) }).catch(
      (one) => one,
    )
    expect(late).toMatchObject({ code: 'EZ_CLOCK_SKEW', details: { clockOffsetMs: 1_000_000 } })
  })
})

describe('what is optional', () => {
  it('an empty credential is as absent, and those of other libraries may hold more', async () => {
    for (const options of [
      { masterKey, resourceToken: '', aadToken: '' },
      { credentials: () => ({ masterKey, aadToken: '', $source: 'env' }) },
      { credentials: async () => ({ masterKey, resourceToken: '' }) },
    ])
      expect((await verify(await send(cosmosAuth(options), request('GET', url)))).kind).toBe('master')
  })

  it('an empty id and a partition key that is no number are refused', () => {
    const at = { endpoint: 'https://a.documents.azure.com', database: 'D', container: 'C' }
    const refused = expect.objectContaining({ code: 'EZ_OPTION_INVALID' })
    expect(() => readItem(at, '', 'x')).toThrow(refused)
    expect(() => deleteItem(at, 'a/b', 'x')).toThrow(refused)
    for (const part of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => partitionKeyHeader(part)).toThrow(refused)
    expect(() => partitionKeyHeader(['a', Number.NaN])).toThrow(refused)
  })
})

describeVerifier({
  request: await send(cosmosAuth({ masterKey }), request('GET', url)),
  verify,
  readsBody: false,
  unusableSecrets: [[], [''], [null], 1],
  describe,
  it,
})

it('takes no negative seconds ahead', async () => {
  const signed = await send(cosmosAuth({ masterKey }), request('GET', url))
  expect(await codeOf(verify(signed, { maxAheadSeconds: -1 }))).toBe('EZ_OPTION_INVALID')
})
