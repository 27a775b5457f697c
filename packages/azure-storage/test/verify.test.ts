import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { type AzureStorageOptions, azureStorage } from '@ez/azure-storage'
import { type VerifyAzureStorageOptions, verifyAzureStorage } from '@ez/azure-storage/verify'
import { signRequest } from '@ez/core'
import { describeVerifier } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'

const credentials = { accountName: 'myaccount', accountKey: 'bXkgYWNjb3VudCBrZXk=' }
const now = new Date('2026-01-15T12:36:00Z')
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
const sas = { permissions: 'r', startsIn: -60, expiresIn: 60 }

function sign(options: Partial<AzureStorageOptions> = {}) {
  return signRequest(
    { method: 'POST', url: 'https://myaccount.blob.core.windows.net/c/b?comp=block', body: 'body' },
    [azureStorage({ credentials, ...options })],
    { clock: () => now },
  )
}

function verify(
  signed: Awaited<ReturnType<typeof sign>> | Request,
  options: Partial<VerifyAzureStorageOptions> = {},
) {
  return verifyAzureStorage(signed, {
    accountName: 'myaccount',
    secretFor: (accountName) => (accountName === 'myaccount' ? credentials.accountKey : undefined),
    now,
    ...options,
  })
}

describe('what is verified', () => {
  const none = { method: false, host: false, path: false, query: [], headers: [], body: 'none' }
  const ofSas = ['sp', 'st', 'se', 'spr', 'sv']
  it.each([
    [
      'SharedKey',
      undefined,
      ['method', 'path', 'query', 'x-ms-date', 'x-ms-version'],
      { method: true, path: true, query: 'all', headers: ['x-ms-date', 'x-ms-version'] },
    ],
    [
      'SharedKeyLite',
      undefined,
      ['method', 'path', 'x-ms-date', 'x-ms-version'],
      { method: true, path: true, query: ['comp'], headers: ['x-ms-date', 'x-ms-version'] },
    ],
    ['AccountSAS', sas, [], { query: ['sp', 'ss', 'srt', 'st', 'se', 'spr', 'sv'] }],
    ['ServiceSAS', sas, ['path'], { path: true, query: [...ofSas, 'sr'] }],
  ] as const)(
    '%s: what it covers is told, and nothing else given',
    async (scheme, of, signedNames, covers) => {
      const signed = await sign({ scheme, ...(of ? { sas: of } : {}) })
      const verified = await verify(signed.toRequest())
      expect(verified).toMatchObject({ keyId: 'myaccount', scheme, signedNames, body: null })
      expect(verified.covers).toEqual({ ...none, ...covers })
      expect(verified.permissions).toBe(of ? 'r' : '')
    },
  )

  it('the body, when content-md5 is signed; another body is refused', async () => {
    const headers = { 'content-md5': createHash('md5').update('body').digest('base64') }
    for (const scheme of ['SharedKey', 'SharedKeyLite'] as const) {
      const signed = await signRequest(
        { method: 'PUT', url: 'https://myaccount.blob.core.windows.net/c/b', headers, body: 'body' },
        [azureStorage({ credentials, scheme })],
        { clock: () => now },
      )
      const body = new TextEncoder().encode('body')
      expect(await verify(signed)).toMatchObject({ body, covers: { body: 'all' } })
      const other = { ...signed, body: new TextEncoder().encode('BODY') }
      await expect(verify(other as typeof signed)).rejects.toMatchObject({ code: 'EZ_BODY_MISMATCH' })
    }
  })

  it('with either key of the account', async () => {
    const secretFor = () => ['b3RoZXI=', credentials.accountKey]
    await expect(verify(await sign(), { secretFor })).resolves.toMatchObject({ keyId: 'myaccount' })
  })
})

describe('a refusal', () => {
  const scheme = 'AccountSAS'
  it.each<[string, Partial<AzureStorageOptions>, Partial<VerifyAzureStorageOptions>, string]>([
    ['too old', {}, { now: later(901) }, 'EZ_CLOCK_SKEW'],
    ['too new', {}, { now: later(-901) }, 'EZ_CLOCK_SKEW'],
    ['a SAS past its end', { scheme, sas }, { now: later(61) }, 'EZ_SIGNATURE_EXPIRED'],
    ['a SAS before its start', { scheme, sas }, { now: later(-61) }, 'EZ_CLOCK_SKEW'],
    ['an unknown account', {}, { secretFor: () => undefined }, 'EZ_KEY_UNKNOWN'],
    ['another key', {}, { secretFor: () => 'b3RoZXI=' }, 'EZ_SIGNATURE_MISMATCH'],
    ['a large body', {}, { maxBodyBytes: 3 }, 'EZ_BODY_TOO_LARGE'],
  ])('%s', async (_, signed, verified, code) => {
    await expect(verify(await sign(signed), verified)).rejects.toMatchObject({ code })
  })

  it.each<[string, string, Record<string, string>, string]>([
    ['no signature', '', {}, 'EZ_AUTHORIZATION_MISSING'],
    ['a header that is none', '', { authorization: 'Basic YQ==' }, 'EZ_AUTHORIZATION_INVALID'],
    ['two of them', '?sig=YQ==', { authorization: 'SharedKey a:YQ==' }, 'EZ_AUTHORIZATION_AMBIGUOUS'],
    ['a parameter twice', '?sig=YQ==&sp=r&sp=w', {}, 'EZ_AUTHORIZATION_AMBIGUOUS'],
  ])('%s', async (_, query, headers, code) => {
    const received = new Request(`https://myaccount.blob.core.windows.net/c${query}`, { headers })
    await expect(verify(received)).rejects.toMatchObject({ code })
  })

  it('a SAS whose account is not known', async () => {
    const refused = verifyAzureStorage(await sign({ scheme, sas }), {
      secretFor: () => credentials.accountKey,
      now,
    })
    await expect(refused).rejects.toMatchObject({ code: 'EZ_KEY_UNKNOWN' })
  })

  it('of a skew says by how much, of a mismatch what was expected', async () => {
    const late = await verify(await sign(), { now: later(1000) }).catch((one: unknown) => one)
    expect(late).toMatchObject({ details: { clockOffsetMs: 1_000_000 } })
    const early = await verify(await sign({ scheme, sas }), { now: later(-100) }).catch((one: unknown) => one)
    expect(early).toMatchObject({ details: { clockOffsetMs: -40_000 } })
    const other = await verify(await sign(), { secretFor: () => 'b3RoZXI=' }).catch((one: unknown) => one)
    expect(other).toMatchObject({
      details: { stages: { 'string-to-sign': expect.stringMatching(/^POST\n/) } },
    })
  })

  it('of an account that is not the one that is served', async () => {
    const refused = verify(await sign(), { accountName: 'other' })
    await expect(refused).rejects.toMatchObject({ code: 'EZ_KEY_UNKNOWN' })
  })
})

describeVerifier({
  request: await sign(),
  verify: (request, changes) => verify(request as Request, changes),
  unusableSecrets: [[], [''], [null], 1],
  describe,
  it,
})

it('refuses a path that is not UTF-8', async () => {
  const url = 'https://myaccount.blob.core.windows.net/c/%ff?sr=b&se=2027-01-01&sig=AAAA'
  await expect(verify(new Request(url))).rejects.toMatchObject({ code: 'EZ_AUTHORIZATION_INVALID' })
})

it('shows no key and no token of the client in what it tells', async () => {
  const headers = {
    'x-ms-encryption-key': 'key-of-the-test',
    'x-ms-copy-source-authorization': 'Bearer token-of-the-test',
  }
  const signed = await signRequest(
    { method: 'PUT', url: 'https://myaccount.blob.core.windows.net/c/b', headers },
    [azureStorage({ credentials })],
    { clock: () => now },
  )
  const { url } = signed
  const error: unknown = await verify(new Request(url, { headers: signed.toRequest().headers })).catch(
    (one) => one,
  )
  expect(error).toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
  expect(inspect(error, { depth: 9 })).toContain('x-ms-encryption-key:***')
  expect(inspect(error, { depth: 9 })).not.toContain('of-the-test')
})

it.each(['%201', '1e0', '0x1', '1.0', '-1', ''])(
  'refuses a directory whose depth is written sdd=%s',
  async (depth) => {
    const { method, url, headers } = await signRequest(
      { method: 'GET', url: 'https://myaccount.blob.core.windows.net/c/d/e' },
      [
        azureStorage({
          credentials,
          scheme: 'ServiceSAS',
          sas: { ...sas, resource: 'directory', directory: 'd' },
        }),
      ],
      { clock: () => now },
    )
    await expect(
      verify(
        new Request(url, {
          method,
          headers: headers.map(([name, value]): [string, string] => [name, value]),
        }),
      ),
    ).resolves.toBeDefined()
    const changed = new Request(url.replace('sdd=1', `sdd=${depth}`), { method })
    await expect(verify(changed)).rejects.toMatchObject({
      code: expect.stringMatching(/^EZ_(?:SCOPE_MISMATCH|SIGNATURE_MISMATCH|AUTHORIZATION_INVALID)$/),
    })
  },
)
