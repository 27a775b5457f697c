import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyCosmosAuth } from '../src/verify/verify.ts'

interface Capture {
  readonly client: string
  readonly scheme: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly now: string
  readonly secret: string
  readonly expected: 'accept' | 'refuse'
}

const file = join(process.env.EZ_VECTORS ?? '../../../shared/vectors', 'clients.jsonl')
const captures = existsSync(file)
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Capture)
      .filter(({ scheme }) => scheme === 'cosmos-auth')
  : []

// Requests that clients of others really sent, with the secret and the instant.
describe.skipIf(captures.length === 0)('requests that real clients sent are judged as they should be', () => {
  it.each(captures.map((one, index) => [index, one.client, one.method, one.url, one] as const))(
    '%i: %s, %s %s',
    async (_index, _client, _method, _url, { method, url, headers, now, secret, expected }) => {
      const request = { method, url, headers, body: null }
      const verified = verifyCosmosAuth(request, { secretFor: () => secret, now: new Date(now) })
      if (expected === 'accept') expect((await verified).kind).toBe('master')
      else await expect(verified).rejects.toMatchObject({ code: expect.stringMatching(/^EZ_/) })
    },
  )
})
