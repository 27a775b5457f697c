// Through core: what `fetch` would change on the way is refused before it is signed.
import { awsSigV4 } from '@ez/aws-sigv4'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { prepare, type RequestTemplate, replacing, signRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { baseOptions, instant, verifierOptions } from './support/signing.ts'

const context = { clock: (): Date => new Date(instant) }

describe('cases of the official suite that cannot be sent', () => {
  it.each([
    ['get-relative', '/example/..'],
    ['get-relative-relative', '/example1/example2/../..'],
    ['get-slash-dot-slash', '/./'],
    ['get-slash-pointless-dot', '/./example'],
  ])('%s: %s', async (_, path) => {
    const template: RequestTemplate = {
      method: 'GET',
      url: `https://example.amazonaws.com${path}`,
      preRequest: [awsSigV4(baseOptions)],
    }
    await expect(prepare(template, context)).rejects.toMatchObject({ code: 'EZ_URL_NOT_SENDABLE' })
  })

  it('get-header-value-multiline', async () => {
    const template: RequestTemplate = {
      method: 'GET',
      url: 'https://example.amazonaws.com/',
      headers: { 'My-Header1': 'value1\n  value2\n     value3' },
      preRequest: [awsSigV4(baseOptions)],
    }
    await expect(prepare(template, context)).rejects.toMatchObject({ code: 'EZ_HEADER_INVALID' })
  })

  it.each(['./x', 'a/../b', 'a/./c', '.', '..', 'a/%2e%2e/b'])(
    'a key of S3 that would be another one: %s',
    async (key) => {
      const signer = awsSigV4({ ...baseOptions, service: 's3' })
      await expect(
        signRequest(
          { method: 'PUT', url: `https://bucket.s3.amazonaws.com/${key}`, body: 'x' },
          [signer],
          context,
        ),
      ).rejects.toMatchObject({ code: 'EZ_URL_NOT_SENDABLE' })
    },
  )
})

describe('signing again', () => {
  const later = { clock: (): Date => new Date('2026-01-15T12:40:00Z') }
  it.each(['header', 'query'] as const)('%s: replaces the first signature', async (placement) => {
    const signer = awsSigV4({ ...baseOptions, placement })
    const first = await signRequest(
      { method: 'GET', url: 'https://api.example.com/?b=2&a=1' },
      [signer],
      context,
    )
    const again = await signRequest(first.toRequest(), [signer], later)
    const fresh = await signRequest(
      { method: 'GET', url: 'https://api.example.com/?b=2&a=1' },
      [signer],
      later,
    )
    expect([again.url, again.headers]).toEqual([fresh.url, fresh.headers])
    await verifyAwsSigV4(again.toRequest(), { ...verifierOptions, now: later.clock })
  })

  it('a chunked body is not chunked twice', async () => {
    const signer = awsSigV4({ ...baseOptions, service: 's3', payload: 'chunks' })
    const first = await signRequest(
      { method: 'PUT', url: 'https://b.s3.amazonaws.com/k', body: 'x' },
      [signer],
      context,
    )
    await expect(signRequest(first.toRequest(), [signer], later)).rejects.toMatchObject({
      code: 'EZ_BODY_UNSIGNABLE',
    })
  })

  it('two signers in one request: the second replaces only when it may', async () => {
    const signers = [awsSigV4(baseOptions), awsSigV4({ ...baseOptions, region: 'eu-west-1' })] as const
    const request = { method: 'GET', url: 'https://api.example.com/' }
    await expect(signRequest(request, [...signers], context)).rejects.toMatchObject({
      code: 'EZ_WRITE_CONFLICT',
    })
    const prepared = await signRequest(request, [signers[0], replacing(signers[1])], context)
    expect((await verifyAwsSigV4(prepared, verifierOptions)).region).toBe('eu-west-1')
  })
})

it('masks the secrets in the trace', async () => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'the secret of a test',
    sessionToken: 'the token of a test',
  }
  for (const placement of ['header', 'query'] as const) {
    const prepared = await signRequest(
      { method: 'GET', url: 'https://api.example.com/' },
      [awsSigV4({ ...baseOptions, credentials, placement })],
      context,
    )
    const shown = JSON.stringify([prepared.trace, prepared.toJSON(), prepared.toCurl({ mask: true })])
    expect(shown).not.toMatch(/of a test|of%20a%20test/)
  }
})
