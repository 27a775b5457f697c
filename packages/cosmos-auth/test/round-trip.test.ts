import { EzError, type ResolvedRequest, type Signer, type SignResult } from '@ez/core'
import { describeVerifier } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { type CosmosAuthOptions, cosmosAuth, provider } from '../src/index.ts'
import { type VerifyCosmosAuthOptions, verifyCosmosAuth } from '../src/verify.ts'
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
    expect(await verify(signed)).toEqual({
      keyId: 'account.documents.azure.com',
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
      details: { payload: expect.stringContaining('docs\ndbs/My Db/') },
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
    // biome-ignore lint/suspicious/noThenProperty: a promise of another library
    const thenable = { then: (done: (value: object) => void) => done({ masterKey }) } as Promise<object>
    for (const credentials of [() => ({ masterKey }), async () => ({ masterKey }), () => thenable])
      expect((await verify(await send(cosmosAuth({ credentials }), request('GET', url)))).kind).toBe('master')
    const nothing = cosmosAuth({ credentials: () => ({}) })
    expect(() => nothing.sign(request('GET', url), at(time))).toThrow(
      expect.objectContaining({ code: 'EZ_CREDENTIAL_MISSING' }),
    )
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
