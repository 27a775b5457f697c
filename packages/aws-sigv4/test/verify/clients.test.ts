// Requests as real clients sent them: each judged as the file says.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { ResolvedRequest } from '@ez/core'
import { afterAll, describe, expect, it } from 'vitest'
import { vectors } from '../support/folders.ts'

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
  readonly secret: string
  readonly keyId: string
  readonly expected: 'accept' | 'refuse'
}

const file = join(vectors, 'clients.jsonl')
const captured = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Captured)
      .filter(({ scheme }) => scheme === 'aws-sigv4')
  : []

async function judge({ keyId, secret, now, body, method, url, headers }: Captured): Promise<string> {
  const request: ResolvedRequest = { method, url, headers, body: Buffer.from(body, 'base64') }
  try {
    const { body: verified, unsignedBody } = await verifyAwsSigV4(request, {
      secretFor: (id) => (id === keyId ? secret : undefined),
      now: new Date(now),
      allowUnsignedPayload: true,
    })
    // Chunks are verified as they are read.
    await new Response((verified ?? unsignedBody) as BodyInit).arrayBuffer()
    return 'accept'
  } catch (error) {
    return `refuse: ${(error as Error).message}`
  }
}

describe.skipIf(captured.length === 0)('what real clients sent', () => {
  afterAll(() => console.log(`aws-sigv4 clients.jsonl: ${captured.length} requests judged`))

  it.each(
    captured.map((one, index) => [`${one.client} ${one.version}, ${one.method} #${index}`, one] as const),
  )('%s is judged as the file says', async (_, one) => {
    const verdict = await judge(one)
    if (one.expected === 'accept') expect(verdict).toBe('accept')
    else expect(verdict).toMatch(/^refuse/)
  })

  it('none is taken with another secret', async () => {
    const other = captured.map((one) => judge({ ...one, secret: `${one.secret}x` }))
    for (const verdict of await Promise.all(other)) expect(verdict).toMatch(/^refuse/)
  })
})
