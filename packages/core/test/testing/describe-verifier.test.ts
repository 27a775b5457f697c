import { createHmacKey, hmac, sha256 } from '@ez/core/crypto'
import { describe, expect, it } from 'vitest'
import { EzError, type ResolvedRequest } from '../../src/index.ts'
import { receiveWhole, verifierSettings } from '../../src/received.ts'
import { describeVerifier, type VerifierSubject, verifierChecks } from '../../src/testing.ts'

const now = new Date('2026-01-15T12:36:00Z')
const url = 'https://api.example.com/orders?a=1'
const key = createHmacKey(sha256, 'example-key-123456')
const textOf = (target: string, body: string): string => `${now.getTime()}\n${target}\n${body}`
const request: ResolvedRequest = {
  method: 'POST',
  url,
  headers: [
    ['x-date', String(now.getTime())],
    ['authorization', hmac(key, textOf(url, 'body'), 'hex')],
  ],
  body: new TextEncoder().encode('body'),
}

/** A small but complete verifier: HMAC-SHA256 of date, URL and body. */
const verify: VerifierSubject['verify'] = async (received, changes) => {
  const options = { secretFor: () => 'example-key-123456', now, ...changes }
  const settings = verifierSettings('toy', options, {}, { maxSkewSeconds: 300 })
  const whole = await receiveWhole('toy', received, options.url, settings.maxBodyBytes)
  const date = Number(whole.header('x-date'))
  if (Math.abs(settings.now.getTime() - date) > settings.maxSkewSeconds * 1000)
    throw new EzError('EZ_CLOCK_SKEW', 'toy: too old.')
  const secret: unknown = options.secretFor()
  if (typeof secret !== 'string' || secret === '') throw new EzError('EZ_KEY_UNKNOWN', 'toy: no key.')
  const text = textOf(whole.url.href, new TextDecoder().decode(whole.body))
  if (hmac(key, text, 'hex') !== whole.header('authorization'))
    throw new EzError('EZ_SIGNATURE_MISMATCH', 'toy: refused.')
}

async function failures(changed: VerifierSubject['verify'], subject = {}): Promise<string[]> {
  const failed: string[] = []
  for (const check of verifierChecks({ request, verify: changed, ...subject }))
    await check.run().catch((error: EzError) => failed.push(`${check.title}: ${error.message}`))
  return failed
}

describeVerifier({ request, verify, describe, it })

describe('a verifier that breaks a rule fails the check of that rule', () => {
  it.each<[string, VerifierSubject['verify'], RegExp]>([
    ['takes everything', async () => {}, /no refusal/],
    [
      'does not look at the clock',
      (received, { now: given, ...changes }) =>
        verify(
          received,
          given instanceof Date && !Number.isNaN(given.getTime())
            ? changes
            : { ...changes, now: given as Date },
        ),
      /a hundred years later: the request was accepted/,
    ],
    [
      'takes the URL that the proxy called',
      (received, { url: _, ...changes }) => verify(received, changes),
      /behind a proxy: toy: refused/,
    ],
    [
      'reads on for ever',
      async (received, changes) => {
        if (received instanceof Request && !received.bodyUsed) await received.arrayBuffer()
        await verify(received, changes)
      },
      /an endless body: expected EZ_BODY_TOO_LARGE/,
    ],
    [
      'throws what has no code',
      async (received, changes) => {
        if (received === null) throw new TypeError('oops')
        await verify(received, changes)
      },
      /oops, which is no EzError/,
    ],
  ])('one that %s', async (_, changed, message) => {
    expect((await failures(changed)).join('\n')).toMatch(message)
  })

  it('and says so when its scheme has no clock', async () => {
    const timeless: VerifierSubject['verify'] = (received, changes) =>
      verify(received, { maxSkewSeconds: 1e12, ...changes })
    expect(await failures(timeless)).toHaveLength(1)
    expect(await failures(timeless, { readsClock: false })).toEqual([])
  })
})
