// Requests as real clients sent them: each judged as the file says.
import type { ResolvedRequest } from '@ez/core'
import { afterAll, describe, expect, it } from 'vitest'
import { type OAuth1Secrets, verifyOAuth1 } from '../../src/verify/verify.ts'
import { publishedLines } from '../folders.ts'

interface Captured {
  readonly client: string
  readonly version: string
  readonly scheme: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  /** Base64. */
  readonly body: string
  readonly now: string
  readonly secret: OAuth1Secrets
  readonly expected: 'accept' | 'refuse'
  readonly note?: string
}

const captured = publishedLines<Captured>('clients.jsonl').filter(({ scheme }) => scheme === 'oauth1')

async function judge({ secret, now, body, method, url, headers }: Captured): Promise<string> {
  const request: ResolvedRequest = { method, url, headers, body: Buffer.from(body, 'base64') }
  try {
    await verifyOAuth1(request, { secretFor: () => secret, now: new Date(now), allowPlaintext: true })
    return 'accept'
  } catch (error) {
    return `refuse: ${(error as Error).message}`
  }
}

describe.skipIf(captured.length === 0)('what real clients sent', () => {
  afterAll(() => console.log(`netsuite-oauth1 clients.jsonl: ${captured.length} requests judged`))

  it.each(
    captured.map((one, index) => [`${one.client} ${one.version}, ${one.method} #${index}`, one] as const),
  )('%s is judged as the file says', async (_, one) => {
    const verdict = await judge(one)
    if (one.expected === 'accept') expect(verdict).toBe('accept')
    else expect(verdict).toMatch(/^refuse/)
  })

  it('none is taken with another secret', async () => {
    const secrets = { consumerSecret: 'another', tokenSecret: 'another' }
    const verdicts = await Promise.all(captured.map((one) => judge({ ...one, secret: secrets })))
    for (const verdict of verdicts) expect(verdict).toMatch(/^refuse/)
  })

  it('a client that says 1.0A is told what must stand there', async () => {
    const told = captured.find(({ note }) => note?.includes('1.0A'))
    expect(told && (await judge(told))).toContain(
      'oauth_version is "1.0A". It must be "1.0", or be left out.',
    )
  })
})
