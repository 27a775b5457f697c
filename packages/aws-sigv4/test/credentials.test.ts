import { type AwsCredentials, awsSigV4, cachedCredentials } from '@ez/aws-sigv4'
import { awsSdkCredentials } from '@ez/aws-sigv4/aws-sdk'
import type { SignContext, SignResult } from '@ez/core'
import { expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'
import { baseOptions, instant, secretAccessKey } from './support/signing.ts'

const start = Date.parse(instant)
const at = (seconds: number): SignContext => contextAt(new Date(start + seconds * 1000).toISOString())

function temporary(number: number, seconds: number): AwsCredentials {
  return {
    accessKeyId: `ASIA${number}`,
    secretAccessKey,
    sessionToken: `token ${number}`,
    expiration: new Date(start + seconds * 1000),
  }
}

it('keeps credentials until five minutes before they end', async () => {
  let loads = 0
  const credentials = cachedCredentials(async () => temporary(++loads, loads * 3600))
  expect((await credentials(at(0))).accessKeyId).toBe('ASIA1')
  expect((await credentials(at(3299))).accessKeyId).toBe('ASIA1')
  expect((await credentials(at(3300))).accessKeyId).toBe('ASIA2')
  expect(loads).toBe(2)
})

it('shares one refresh among concurrent requests', async () => {
  let loads = 0
  const credentials = cachedCredentials(async () => {
    loads += 1
    await new Promise((resolve) => setTimeout(resolve, 5))
    return temporary(loads, 3600)
  })
  const keys = await Promise.all(
    Array.from({ length: 20 }, async () => (await credentials(at(0))).accessKeyId),
  )
  expect([loads, new Set(keys).size]).toEqual([1, 1])
})

it('signs synchronously once they are known', async () => {
  const signer = awsSigV4({ ...baseOptions, credentials: cachedCredentials(async () => temporary(1, 3600)) })
  const request = { method: 'GET', url: 'https://api.example.com/', headers: [], body: null }
  await signer.sign(request, at(0))
  const result = signer.sign(request, at(1)) as SignResult
  expect(result.patch.headers['x-amz-security-token']).toBe('token 1')
})

it('goes on with credentials that still hold when a refresh fails, and tries again', async () => {
  let fails = false
  let loads = 0
  const credentials = cachedCredentials(() => {
    loads += 1
    if (fails) throw new Error('offline')
    return temporary(loads, loads * 3600)
  })
  await credentials(at(0))
  fails = true
  expect((await credentials(at(3400))).accessKeyId).toBe('ASIA1')
  await expect(credentials(at(3600))).rejects.toThrow('offline')
  fails = false
  expect((await credentials(at(3600))).accessKeyId).toBe('ASIA4')
})

it('takes a provider of the AWS SDK', async () => {
  const given: unknown[] = []
  const credentials = awsSdkCredentials(async (...properties) => {
    given.push(properties)
    return { accessKeyId: 'ASIA1', secretAccessKey, sessionToken: 'token', accountId: '123456789012' }
  })
  const signer = awsSigV4({ ...baseOptions, credentials })
  const request = { method: 'GET', url: 'https://api.example.com/', headers: [], body: null }
  const { patch, secrets } = await signer.sign(request, at(0))
  expect(patch.headers.authorization).toContain('Credential=ASIA1/')
  expect(secrets).toContain('token')
  expect(given).toEqual([[]])
})

it('gives a refresh a signal of its own: a request that is aborted takes none of the others with it', async () => {
  const signals: (AbortSignal | undefined)[] = []
  const credentials = cachedCredentials(async ({ signal, now, nonce }) => {
    signals.push(signal)
    expect([now(), nonce()]).toEqual([new Date(start), 'nonce'])
    await new Promise((resolve) => setTimeout(resolve, 5))
    signal?.throwIfAborted()
    return temporary(1, 3600)
  })
  const first = new AbortController()
  const both = [{ ...at(0), nonce: () => 'nonce', signal: first.signal }, at(0)].map(credentials)
  first.abort()
  expect((await both[1])?.accessKeyId).toBe('ASIA1')
  expect(signals).toHaveLength(1)
  expect(signals[0]).not.toBe(first.signal)
})

it('gives a refresh up that hangs, tells its source, and tries again', async () => {
  let loads = 0
  let reason: unknown
  const credentials = cachedCredentials(
    ({ signal }) => {
      loads += 1
      signal?.addEventListener('abort', () => {
        reason = signal.reason
      })
      return loads === 1 ? new Promise(() => {}) : temporary(loads, 3600)
    },
    { timeoutSeconds: 0.01 },
  )
  await expect(credentials(at(0))).rejects.toMatchObject({ code: 'EZ_TIMEOUT' })
  expect(reason).toMatchObject({ code: 'EZ_TIMEOUT' })
  expect((await credentials(at(0))).accessKeyId).toBe('ASIA2')
})

it.each<[string, unknown, string]>([
  ['nothing', undefined, 'EZ_CREDENTIAL_MISSING'],
  ['no key id', { secretAccessKey }, 'EZ_CREDENTIAL_MISSING'],
  ['a key id that is no text', { ...temporary(1, 1), accessKeyId: 1 }, 'EZ_CREDENTIAL_MISSING'],
  ['a secret that is no text', { ...temporary(1, 1), secretAccessKey: {} }, 'EZ_CREDENTIAL_MISSING'],
])('%s from a function of credentials is told by a code', async (_, given, code) => {
  const request = { method: 'GET', url: 'https://api.example.com/', headers: [], body: null }
  const sources = [
    () => given,
    cachedCredentials(async () => given as AwsCredentials),
    awsSdkCredentials(async () => given as never),
  ]
  for (const credentials of sources) {
    const signer = awsSigV4({ ...baseOptions, credentials: credentials as () => AwsCredentials })
    await expect((async () => signer.sign(request, at(0)))()).rejects.toMatchObject({ code })
  }
})

it.each(['2026-01-15T13:36:00Z', 0, new Date(Number.NaN)])('the end %j is no date', async (expiration) => {
  const credentials = cachedCredentials(() => ({ ...temporary(1, 1), expiration: expiration as Date }))
  await expect(credentials(at(0))).rejects.toMatchObject({ code: 'EZ_CREDENTIAL_INVALID' })
})

it('keeps good credentials when a refresh gives bad ones', async () => {
  let loads = 0
  const credentials = cachedCredentials(() => (++loads === 1 ? temporary(1, 3600) : ({} as AwsCredentials)))
  await credentials(at(0))
  expect((await credentials(at(3400))).accessKeyId).toBe('ASIA1')
})

it.each<() => unknown>([
  () => cachedCredentials(undefined as never),
  () => cachedCredentials(() => temporary(1, 1), null as never),
  () => cachedCredentials(() => temporary(1, 1), { refreshBeforeSeconds: -1 }),
  () => cachedCredentials(() => temporary(1, 1), { timeoutSeconds: 0 }),
  () => awsSdkCredentials({ accessKeyId: 'A', secretAccessKey } as never),
])('refuses wrong options when it is made: %s', (make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'EZ_OPTION_INVALID' }))
})
