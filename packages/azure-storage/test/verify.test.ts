import { inspect } from 'node:util'
import { type AzureStorageOptions, azureStorage } from '@ez/azure-storage'
import { type VerifyAzureStorageOptions, verifyAzureStorage } from '@ez/azure-storage/verify'
import { signRequest } from '@ez/core'
import { describeVerifier } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'

const credentials = { accountName: 'myaccount', accountKey: 'bXkgYWNjb3VudCBrZXk=' }
const now = new Date('2026-01-15T12:36:00Z')
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)
const sas = { permissions: 'rl', startsIn: -60, expiresIn: 60 }

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
  it.each([
    ['SharedKey', undefined, ['method', 'path', 'query', 'x-ms-date', 'x-ms-version'], ''],
    ['SharedKeyLite', undefined, ['method', 'path', 'x-ms-date', 'x-ms-version'], ''],
    ['AccountSAS', sas, [], 'rl'],
    ['ServiceSAS', sas, ['path'], 'rl'],
  ] as const)('%s', async (scheme, of, signedNames, permissions) => {
    const signed = await sign({ scheme, ...(of ? { sas: of } : {}) })
    const body = new TextEncoder().encode('body')
    const expected = { keyId: 'myaccount', scheme, signedNames, permissions, body }
    const verified = await verify(signed.toRequest())
    expect({ ...verified, signedNames: [...verified.signedNames].sort() }).toEqual(expected)
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
