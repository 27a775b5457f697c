import { createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { type AwsSigV4aOptions, awsSigV4a, deriveSigV4aKey, provider } from '@ez/aws-sigv4/v4a'
import type { SignResult } from '@ez/core'
import { afterEach, expect, it, vi } from 'vitest'
import { derOf } from '../src/v4a/ecdsa.ts'
import { contextAt } from './support/official-suite.ts'
import { instant, secretAccessKey } from './support/signing.ts'

const options: AwsSigV4aOptions = {
  service: 's3',
  regionSet: ['us-east-1', 'eu-*'],
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey },
}
const request = { method: 'GET', url: 'https://example.com/k', headers: [], body: null }

afterEach(() => vi.unstubAllGlobals())

it('signs for a set of regions, in the header or in the query', () => {
  const inHeader = awsSigV4a(options).sign(request, contextAt(instant)) as SignResult
  expect(inHeader.patch.headers['x-amz-region-set']).toBe('us-east-1,eu-*')
  const inQuery = awsSigV4a({ ...options, placement: 'query' })
  const { patch } = inQuery.sign(request, contextAt(instant)) as SignResult
  expect(patch.query).toContainEqual(['X-Amz-Region-Set', 'us-east-1,eu-*'])
  expect(inQuery.writes.query).toEqual(expect.arrayContaining(patch.query.map(([name]) => name)))
})

it('signs with WebCrypto where there is no node:crypto', async () => {
  vi.stubGlobal('process', { ...process, getBuiltinModule: undefined })
  const pending = awsSigV4a(options).sign(request, contextAt(instant))
  expect(pending).toBeInstanceOf(Promise)
  const { trace } = await pending
  const head = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'
  const key = Buffer.concat([Buffer.from(head, 'hex'), deriveSigV4aKey('AKIDEXAMPLE', secretAccessKey)])
  const publicKey = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }))
  const signature = Buffer.from(trace[2]?.value ?? '', 'hex')
  expect(verify('sha256', Buffer.from(trace[1]?.value ?? ''), publicKey, signature)).toBe(true)
})

it('writes integers of a DER signature with a sign octet and without leading zeros', () => {
  const raw = new Uint8Array(64)
  raw.set([0, 0, 0x80], 0)
  raw[63] = 5
  const der = derOf(raw)
  expect([...der.subarray(0, 6)]).toEqual([0x30, der.length - 2, 0x02, 31, 0, 0x80])
  expect([...der.subarray(-3)]).toEqual([0x02, 1, 5])
})

it.each<[string, object]>([
  ['a region', { ...options, region: 'us-east-1' }],
  ['no regions', { ...options, regionSet: [] }],
  ['a region with a line end', { ...options, regionSet: 'a\nb' }],
  ['chunks', { ...options, payload: 'chunks' }],
])('refuses %s', (_, wrong) => {
  expect(() => awsSigV4a(wrong as AwsSigV4aOptions)).toThrow(
    expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
  )
})

it('describes its options', () => {
  expect(provider.create(options)).toMatchObject({ id: 'aws-sigv4a' })
  expect(Object.keys((provider.options as { properties: object }).properties)).not.toContain('region')
})
