// What the verifier says of a result and of its refusals, and what a request may cost before its key is known.
import type { Pairs, ResolvedRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { oauth1 } from '../../src/index.ts'
import { type VerifyOAuth1Options, verifyOAuth1 } from '../../src/verify/verify.ts'
import { fixed, formHeaders, request } from '../requests.ts'
import { sealed } from '../seal.ts'

const context = fixed(1_700_000_000, 'kllo9940pd9333jh')
const credentials = { consumerKey: 'key', consumerSecret: 'secret', token: 'tok', tokenSecret: 'other' }
const now = new Date(1_700_000_000_000)

function verify(received: ResolvedRequest, options: Partial<VerifyOAuth1Options> = {}) {
  return verifyOAuth1(received, { secretFor: () => credentials, now, ...options })
}

const signed = (unsigned: ResolvedRequest, options = {}): Promise<ResolvedRequest> =>
  sealed(oauth1({ ...credentials, ...options }), unsigned, context)
const get = request('GET', 'https://api.example.com/a?b=1')
const form = request('POST', 'https://api.example.com/a', 'b=1&c=%E2%98%83', formHeaders)
const json = request('PUT', 'https://api.example.com/a', '{"a":1}', [['content-type', 'application/json']])

describe('what a signature covers', () => {
  it.each([
    ['no body', get, {}, 'none'],
    ['a form', form, {}, 'all'],
    ['JSON', json, {}, 'none'],
    ['JSON with its hash', json, { bodyHash: true }, 'all'],
  ])('of %s', async (_, unsigned, options, body) => {
    const verified = await verify(await signed(unsigned, options))
    expect(verified.covers).toEqual({ method: true, host: true, path: true, query: 'all', headers: [], body })
    expect(verified.body).toEqual(body === 'all' ? unsigned.body : null)
  })
})

describe('refusals', () => {
  it.each([
    [301, 301_000],
    [-301, -301_000],
  ])('a timestamp %i seconds behind says how far', async (seconds, clockOffsetMs) => {
    const later = new Date(now.getTime() + seconds * 1000)
    await expect(verify(await signed(get), { now: later })).rejects.toMatchObject({
      code: 'EZ_CLOCK_SKEW',
      details: { clockOffsetMs },
    })
  })

  it('another signature shows the base string that was expected', async () => {
    const sent = { ...(await signed(get)), method: 'POST' }
    await expect(verify(sent)).rejects.toMatchObject({
      code: 'EZ_SIGNATURE_MISMATCH',
      details: {
        stages: { 'base-string': expect.stringMatching(/^POST&https%3A%2F%2Fapi\.example\.com%2Fa&/) },
      },
    })
  })

  it.each([
    ['a look-up that throws', { secretFor: () => Promise.reject(new Error('no database')) }],
    ['a store of nonces that throws', { nonceSeen: () => Promise.reject(new Error('no store')) }],
    ['a method that there is not', { signatureMethods: ['HMAC-MD5'] }],
  ])('of %s are coded', async (_, options) => {
    await expect(verify(await signed(get), options as Partial<VerifyOAuth1Options>)).rejects.toMatchObject({
      code: 'EZ_OPTION_INVALID',
    })
  })

  it('a body that breaks off, and a form that is not UTF-8, are refused', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('reset')),
    })
    await expect(verify({ ...(await signed(form)), body: broken })).rejects.toMatchObject({
      code: 'EZ_BODY_INVALID',
    })
    const latin1 = { ...(await signed(form)), body: Uint8Array.of(0x62, 0x3d, 0xe9) }
    await expect(verify(latin1)).rejects.toMatchObject({ code: 'EZ_BODY_INVALID' })
  })

  it.each([
    'https://api.example.com/x/../a?b=1',
    'https://api.example.com/./a?b=1',
    'https://api.example.com/%2e%2e/a?b=1',
    'https://api.example.com\\a?b=1',
  ])('the path of %s, which parsers rewrite, is refused', async (url) => {
    await expect(verify({ ...(await signed(get)), url })).rejects.toMatchObject({
      code: 'EZ_REQUEST_INVALID',
    })
  })

  it('a URL beside another host is refused', async () => {
    const sent = await signed(get)
    const headers: Pairs = [...sent.headers, ['host', 'evil.example']]
    await expect(verify({ ...sent, headers })).rejects.toMatchObject({ code: 'EZ_AUTHORIZATION_AMBIGUOUS' })
  })

  it('protocol parameters in a form, beside those of the header, are refused', async () => {
    const sent = await signed(form)
    const body = new TextEncoder().encode('b=1&c=%E2%98%83&oauth_nonce=x')
    await expect(verify({ ...sent, body })).rejects.toMatchObject({ code: 'EZ_AUTHORIZATION_AMBIGUOUS' })
  })
})

describe('cost', () => {
  it('the body is not touched before the key is known', async () => {
    const sent = await signed(form)
    const untouched = new ReadableStream<Uint8Array>({}, { highWaterMark: 0 })
    await expect(verify({ ...sent, body: untouched }, { secretFor: () => undefined })).rejects.toMatchObject({
      code: 'EZ_KEY_UNKNOWN',
    })
    expect(untouched.locked).toBe(false)
  })

  const long = (count: number): Record<string, ResolvedRequest> => ({
    'a long query': request('GET', `https://api.example.com/?${'a=%20+&'.repeat(count)}`),
    'a long form': request('POST', 'https://api.example.com/', 'a=%20+&'.repeat(count), formHeaders),
    'many headers': request(
      'GET',
      'https://api.example.com/',
      null,
      Array.from({ length: count }, (_, index) => [`x-${index}`, 'a'] as const),
    ),
    'a type of blanks': request('POST', 'https://api.example.com/', 'a=1', [
      ['content-type', `application/x-www-form-urlencoded${' '.repeat(count)}x`],
    ]),
    'a header of blanks': request('GET', 'https://api.example.com/', null, [
      ['authorization', `OAuth ${' '.repeat(count)}a="b"${' '.repeat(count)}x`],
    ]),
  })

  it.each(Object.keys(long(1)))(
    '%s: eight times the size takes no more than thirty times as long',
    async (what) => {
      const cost = async (count: number): Promise<number> => {
        const unsigned = long(count)[what] as ResolvedRequest
        const sent = what === 'a header of blanks' ? unsigned : await signed(unsigned)
        let best = Number.POSITIVE_INFINITY
        for (let round = 0; round < 7; round += 1) {
          const start = performance.now()
          await verify(sent).catch(() => undefined)
          best = Math.min(best, performance.now() - start)
        }
        return best
      }
      // Quadratic reading would take 64 times as long; what a busy machine adds is taken away by the best of seven.
      const small = Math.max(0.2, await cost(500))
      expect((await cost(4000)) / small).toBeLessThan(30)
    },
  )
})
