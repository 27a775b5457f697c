import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyAzureStorage } from '@ez/azure-storage/verify'
import { describe, expect, it } from 'vitest'

interface Capture {
  readonly client: string
  readonly version: string
  readonly scheme: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly now: string
  readonly secret: string
  readonly accountName: string
  readonly expected: 'accept' | 'refuse'
}

const file = join(process.env.EZ_VECTORS ?? '../../../shared/vectors', 'clients.jsonl')
const captures = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Capture)
      .filter(({ scheme }) => scheme === 'azure-storage')
  : []

// Requests that clients of others really sent, with the secret and the instant.
describe.skipIf(captures.length === 0)('requests that real clients sent are judged as they should be', () => {
  it.each(captures.map((one, index) => [index, one.client, one.method, one.url, one] as const))(
    '%i: %s, %s %s',
    async (_index, _client, _method, _url, { expected, ...sent }) => {
      const request = { ...sent, body: sent.body ? Uint8Array.from(Buffer.from(sent.body, 'base64')) : null }
      const verified = verifyAzureStorage(request, {
        accountName: sent.accountName,
        secretFor: () => sent.secret,
        now: new Date(sent.now),
      })
      if (expected === 'accept') expect((await verified).keyId).toBe(sent.accountName)
      else await expect(verified).rejects.toMatchObject({ code: expect.stringMatching(/^EZ_/) })
    },
  )
})
