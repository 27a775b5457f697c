// Mutants over every kind of path: each refused with a code, or the same by the rules of the scheme.
import { createHmac } from 'node:crypto'
import { EzError, type ResolvedRequest, type SignResult } from '@ez/core'
import { mutantsOf } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { cosmosAuth } from '../src/index.ts'
import { type VerifiedCosmosAuth, verifyCosmosAuth } from '../src/verify/verify.ts'
import { at, request } from './requests.ts'

const masterKey = 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='
const time = Date.UTC(2026, 0, 15, 12, 36)
const account = 'https://account.documents.azure.com'

const modes: Readonly<Record<string, readonly [method: string, path: string]>> = {
  'an item': ['GET', '/dbs/My%20Db/colls/C/docs/a%7Cb%25+%23%3F%E2%98%83'],
  'the feed of a container': ['POST', '/dbs/Db/colls/Orders/docs'],
  'a database': ['DELETE', '/dbs/Db'],
  'the account': ['GET', '/'],
  offers: ['GET', '/offers'],
  'an operation of a container': ['POST', '/dbs/Db/colls/Orders/operations/partitionkeydelete'],
  'an item by its RID': ['PUT', '/dbs/AAECAw==/colls/AAECAwQFBgc=/docs/AAECAwQFBgcICQoLDA0ODw=='],
}

const total = Number(process.env.EZ_MUTANTS ?? 5000)
const each = Math.ceil(total / Object.keys(modes).length)

describe(`${total} mutants`, () => {
  it.each(Object.entries(modes))(
    '%s: none is taken for what was not signed',
    async (name, [method, path]) => {
      const seed = 20_260_115 + Object.keys(modes).indexOf(name)
      const unsigned = request(method, `${account}${path}`, [
        ['x-ms-version', '2018-12-31'],
        ['accept', 'application/json'],
      ])
      const { patch } = (await cosmosAuth({ masterKey }).sign(unsigned, at(time))) as SignResult
      const sent = { ...unsigned, headers: [...unsigned.headers, ...Object.entries(patch.headers)] }
      const first = await verdictOf(sent)
      expect(first.error).toBeUndefined()
      const original = meaningOf(sent)
      expect(original).toContain(signatureOf(sent))
      const counts = { refused: 0, equal: 0 }
      for (const mutant of mutantsOf(sent, each, seed)) {
        const { error, verified } = await verdictOf(mutant.request)
        const told = `seed ${seed}, ${mutant.changes}: ${mutant.request.url} ${JSON.stringify(mutant.request.headers)}`
        if (error !== undefined) {
          expect(EzError.isInstance(error), `${told} ${String(error)}`).toBe(true)
          counts.refused += 1
          continue
        }
        counts.equal += 1
        expect(meaningOf(mutant.request), told).toEqual(original)
        expect(signatureOf(mutant.request), told).toBe(signatureOf(sent))
        expect(verified?.resource, told).toEqual(first.verified?.resource)
        expect(verified?.covers, told).toEqual(first.verified?.covers)
      }
      console.log(
        `cosmos-auth mutants, ${name}: ${each}, ${counts.refused} refused, ${counts.equal} the same (seed ${seed})`,
      )
      expect(counts.refused).toBeGreaterThan(each / 10)
      expect(counts.equal).toBeGreaterThan(0)
    },
  )
})

it('a signature that fits an operation of a container as well is not said to cover the path', async () => {
  const unsigned = request('POST', `${account}/dbs/Db/colls/Orders/operations/partitionkeydelete`)
  const { patch } = (await cosmosAuth({ masterKey }).sign(unsigned, at(time))) as SignResult
  for (const path of ['/dbs/Db/colls/Orders/operations/partitionkeydelete', '/dbs/Db/colls/Orders']) {
    const { verified } = await verdictOf({
      ...unsigned,
      url: `${account}${path}`,
      headers: Object.entries(patch.headers),
    })
    expect(verified?.covers.path, path).toBe(false)
  }
})

async function verdictOf(
  received: ResolvedRequest,
): Promise<{ error?: unknown; verified?: VerifiedCosmosAuth }> {
  try {
    const verified = await verifyCosmosAuth(received, {
      secretFor: () => masterKey,
      now: () => new Date(time),
    })
    return { verified }
  } catch (error) {
    return { error }
  }
}

const headerOf = ({ headers }: ResolvedRequest, wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim()

const signatureOf = (received: ResolvedRequest): string => {
  // As a form is decoded, which is what the gateway does.
  const form = new URLSearchParams(`a=${headerOf(received, 'authorization')?.replaceAll('&', '%26') ?? ''}`)
  return form.get('a')?.split(/sig=/i)[1]?.split(',')[0] ?? ''
}

/** Verb, type, link and date as the documentation has them, and their HMAC by Node; written apart from the package. */
function meaningOf(received: ResolvedRequest): unknown[] {
  const segments = new URL(received.url).pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent)
  const isOperation = segments[4] === 'operations'
  const whole = isOperation ? segments.slice(0, 4) : segments
  const isFeed = whole.length % 2 === 1
  const type = whole.at(isFeed ? -1 : -2) ?? ''
  const target = isFeed ? whole.slice(0, -1) : whole
  const byRid = target.length > 0 && (target[0] !== 'dbs' || /^[A-Za-z0-9+/-]{6}==$/.test(target[1] ?? ''))
  const link = byRid ? (target.at(-1) ?? '').toLowerCase() : target.join('/')
  const xMsDate = headerOf(received, 'x-ms-date')
  const dates = xMsDate === undefined ? ['', headerOf(received, 'date') ?? ''] : [xMsDate, '']
  const text = [
    received.method.toLowerCase(),
    type,
    link,
    ...dates.map((date) => date.toLowerCase()),
    '',
  ].join('\n')
  const signature = createHmac('sha256', Buffer.from(masterKey, 'base64')).update(text).digest('base64')
  return [text, signature]
}
