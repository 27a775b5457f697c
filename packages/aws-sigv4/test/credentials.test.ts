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
