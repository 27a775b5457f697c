import { describe, expect, it } from 'vitest'
import { EzError, type ResolvedRequest, secret } from '../../src/index.ts'
import { isUsableSecret, receive, receiveWhole, verifierSettings } from '../../src/received.ts'
import { describeVerifier, verifierChecks } from '../../src/testing.ts'

const resolved: ResolvedRequest = {
  method: 'POST',
  url: 'https://example.com/a?b',
  headers: [
    ['X-Twice', ' 1'],
    ['x-twice', '2'],
    ['X-Once', 'a'],
  ],
  body: new TextEncoder().encode('body'),
}

/** Nothing is signed here: it only reads, as every verifier does. */
const reading: Parameters<typeof describeVerifier>[0]['verify'] = async (request, given) => {
  const options = { secretFor: () => 'secret', ...given }
  const { maxBodyBytes } = verifierSettings('verify toy', options, {}, { maxSkewSeconds: 300 })
  await receiveWhole('verify toy', request, options.url, maxBodyBytes)
  if (isUsableSecret(options.secretFor())) return
  throw new EzError('EZ_KEY_UNKNOWN', 'verify toy: there is no such key.')
}

// It only reads.
describeVerifier({ request: resolved, verify: reading, readsClock: false, describe, it })

describe('a received request', () => {
  it('gives headers as they came', () => {
    const { header, headers, values, method, calledUrl } = receive('verify toy', resolved)
    expect({ method, calledUrl }).toEqual({ method: 'POST', calledUrl: resolved.url })
    expect(headers[0]).toEqual(['x-twice', ' 1'])
    expect(values('x-twice')).toEqual([' 1', '2'])
    expect([header('x-once'), header('x-none')]).toEqual(['a', undefined])
    expect(() => header('x-twice')).toThrow(expect.objectContaining({ code: 'EZ_AUTHORIZATION_AMBIGUOUS' }))
  })

  it('is of the URL that the client called', async () => {
    const called = 'https://public.example.com/x'
    expect((await receiveWhole('verify toy', resolved, called, 9)).url.href).toBe(called)
    expect(() => receive('verify toy', resolved, '/x').absoluteUrl()).toThrow(
      expect.objectContaining({ code: 'EZ_AUTHORIZATION_INVALID' }),
    )
  })

  it('leaves the body of a Request to the caller', async () => {
    const body = new Blob(['a'.repeat(100_000), 'b']).stream()
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    const request = new Request('https://example.com/', init)
    const { body: read } = await receiveWhole('verify toy', request, undefined, 100_001)
    expect(read.length).toBe(100_001)
    expect((await request.text()).at(-1)).toBe('b')
  })

  it('may have no body, or a stream', async () => {
    expect((await receiveWhole('verify toy', { ...resolved, body: null }, undefined, 0)).body.length).toBe(0)
    const streamed = { ...resolved, body: new Blob(['abc']).stream() }
    expect((await receiveWhole('verify toy', streamed, undefined, 3)).body.length).toBe(3)
    await expect(receiveWhole('verify toy', streamed, undefined, 3)).rejects.toMatchObject({
      code: 'EZ_BODY_INVALID',
    })
    const text = { ...resolved, body: 'text' } as unknown as ResolvedRequest
    await expect(receiveWhole('verify toy', text, undefined, 9)).rejects.toMatchObject({
      code: 'EZ_REQUEST_INVALID',
    })
  })
})

describe('the checks of a verifier', () => {
  it('find one that lets everything pass', async () => {
    const checks = verifierChecks({ request: resolved, verify: async () => ({}) })
    for (const check of checks.filter(({ title }) => /^refuses|unknown key/.test(title)))
      await expect(check.run()).rejects.toMatchObject({ code: 'EZ_CHECK_FAILED' })
  })
})

it.each([
  ['abc', true],
  [secret('abc'), true],
  ['', false],
  [secret(''), false],
  [null, false],
  [{ key: 'abc' }, false],
] as const)('%o as a secret', (value, usable) => {
  expect(isUsableSecret(value)).toBe(usable)
})
