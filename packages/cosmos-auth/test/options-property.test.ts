// Each option and each feature of a URL: what is sent is signed as @azure/cosmos signs its resource, or refused.
import { EzError, type PreparedRequest, signRequest } from '@ez/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type CosmosAuthOptions, cosmosAuth } from '../src/index.ts'
import { verifyCosmosAuth } from '../src/verify/verify.ts'

type GenerateHeaders = (
  key: string,
  method: string,
  type: string,
  link: string,
  date: Date,
) => Promise<Record<string, string>>

// Not among the exports of @azure/cosmos, and the very function that its client signs with.
const inside = new URL('../node_modules/@azure/cosmos/dist/esm/utils/headers.js', import.meta.url).href
const { generateHeaders } = (await import(inside)) as { generateHeaders: GenerateHeaders }

const masterKey = 'bXkgYWNjb3VudCBrZXk='
const now = new Date('2026-01-15T12:36:00Z')
const part = fc.string({
  unit: fc.constantFrom(
    ...[...'aZ09-._~ +%=&?#:@!$\'()*,;[]{}|^`<>"\\é☃😀'],
    '%2F',
    '%C3%BC',
    '%41',
    '/',
    '..',
  ),
  maxLength: 5,
})
const segment = fc.tuple(part, fc.boolean()).map(([text, raw]) => (raw ? text : encodeURIComponent(text)))
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
  origin: fc.constantFrom('https://account.documents.azure.com', 'https://localhost:8081'),
  segments: fc.oneof(
    fc.tuple(fc.constant('dbs'), segment),
    fc.tuple(fc.constant('dbs'), segment, fc.constant('colls')),
    fc.tuple(fc.constant('dbs'), segment, fc.constant('colls'), segment),
    fc.tuple(fc.constant('dbs'), segment, fc.constant('colls'), segment, fc.constantFrom('docs', 'sprocs')),
    fc.tuple(
      fc.constant('dbs'),
      segment,
      fc.constant('colls'),
      segment,
      fc.constantFrom('docs', 'udfs'),
      segment,
    ),
  ),
  search: fc.constantFrom('', '?a=b', '?x=%2F&y=+', '?'),
})
const options: fc.Arbitrary<CosmosAuthOptions> = fc.record(
  {
    masterKey: fc.constant(masterKey),
    version: fc.constantFrom('2020-07-15', '2018-12-31', null),
    linkBy: fc.constantFrom('name' as const),
  },
  { requiredKeys: ['masterKey'] },
)

/** Type and link as the SDK has them: of ids as they are, not of their escapes. */
function resourceOf(segments: readonly string[]): { type: string; link: string } {
  const isFeed = segments.length % 2 === 1
  const type = segments[isFeed ? segments.length - 1 : segments.length - 2] as string
  return {
    type,
    link: segments
      .slice(0, isFeed ? -1 : undefined)
      .map(decodeURIComponent)
      .join('/'),
  }
}

it('over methods, ids, queries and options, and our verifier takes it', async () => {
  const counts = { equal: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(requests, options, async ({ method, origin, segments, search }, chosen) => {
      let sent: PreparedRequest
      try {
        const url = `${origin}/${segments.join('/')}${search}`
        sent = await signRequest({ method, url }, [cosmosAuth(chosen)], { clock: () => now })
      } catch (error) {
        expect(EzError.isInstance(error), String(error)).toBe(true)
        counts.refused += 1
        return
      }
      // By what leaves, not by what was written: a raw slash or question mark in an id makes it another resource.
      const { type, link } = resourceOf(new URL(sent.url).pathname.slice(1).split('/'))
      // A name like a RID is signed as one unless it is told apart: the README's limit.
      if (/^dbs\/[A-Za-z0-9+-]{6}==(?:\/|$)/.test(link) && chosen.linkBy === undefined) return
      const theirs = await generateHeaders(masterKey, method, type, link, now)
      const headers = Object.fromEntries(sent.headers)
      expect(headers, `${method} ${sent.url}`).toMatchObject(theirs)
      // What a server could read as another resource, the verifier refuses: an escaped slash.
      const verified = await verifyCosmosAuth(sent, { secretFor: () => masterKey, now }).catch(
        (one: unknown) => one,
      )
      if (EzError.isInstance(verified)) expect(verified.code, sent.url).toBe('EZ_REQUEST_INVALID')
      else expect(verified, sent.url).toMatchObject({ kind: 'master' })
      counts.equal += 1
    }),
    { numRuns: 500, seed: 4 },
  )
  console.log(`cosmos-auth options: ${counts.equal} equal, ${counts.refused} refused (seed 4)`)
  expect(counts.equal).toBeGreaterThan(40)
})
