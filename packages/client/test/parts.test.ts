import { retryAfterMs } from '@ez/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Forgetting } from '../src/correction/forget.ts'
import { FairQueue } from '../src/limits/fair-queue.ts'
import { enter, Limiter, type Place } from '../src/limits/limiter.ts'
import { TokenBucket } from '../src/limits/token-bucket.ts'
import { nextLink } from '../src/pages/link-header.ts'
import { valueAt } from '../src/pages/paths.ts'
import { backoffMs, retryPolicy } from '../src/retry/policy.ts'
import { tokenScript } from './support/signers.ts'
import { FakeTimers } from './support/timers.ts'

const links: readonly [string, string | undefined][] = [
  ['<https://a.example/2>; rel="next"', 'https://a.example/2'],
  ['<https://a.example/2>;rel=next', 'https://a.example/2'],
  ['<https://a.example/1>; rel="prev", <https://a.example/3>; rel="next"', 'https://a.example/3'],
  ['<https://a.example/1,2;3>; title="x, \\"y\\"; rel=prev"; rel="last next"', 'https://a.example/1,2;3'],
  ['<https://a.example/1>; rel="nextish"', undefined],
  ['<https://a.example/1>; title="rel=next"', undefined],
  ['', undefined],
]

for (const [header, target] of links)
  test(`the next link of ${JSON.stringify(header)}`, () => {
    expect(nextLink(header)).toBe(target)
  })

const paths: readonly [string, unknown][] = [
  ['a', { b: [{ c: 1 }] }],
  ['a.b[0].c', 1],
  ["['a']['b'][0]['c']", 1],
  ['["a"].b[0]["c"]', 1],
  ['x.y', 3],
  ["['x.y']", 3],
  ['@odata.nextLink', 4],
  ["['@odata.nextLink']", 4],
  ['a.b[1].c', undefined],
  ['__proto__', undefined],
  ['constructor.name', undefined],
  ['a.b.length', 1],
]

for (const [path, value] of paths)
  test(`the value at ${path}`, () => {
    const body = { a: { b: [{ c: 1 }] }, x: { y: 2 }, 'x.y': 3, '@odata.nextLink': 4 }
    expect(valueAt(body, path)).toEqual(value)
  })

const waits: readonly [Record<string, string>, number | undefined][] = [
  [{ 'retry-after': '120' }, 120_000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' }, 10_000],
  [{ 'retry-after': 'Thu, 01 Jan 2026 01:00:10 GMT', date: 'Thu, 01 Jan 2026 01:00:00 GMT' }, 10_000],
  [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'Thursday, 01-Jan-26 00:00:10 GMT' }, 10_000],
  [{ 'retry-after': 'Thu Jan  1 00:00:10 2026' }, 10_000],
  [{ 'retry-after': 'Thu, 1 Jan 2026 01:00:10 +0100' }, 10_000],
  // What Date.parse takes for dates.
  [{ 'retry-after': '2999-01-01' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': '5, 10' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '5', 'x-ms-retry-after-ms': '7' }, 7],
  [{}, undefined],
]

for (const [headers, wait] of waits)
  test(`the wait of ${JSON.stringify(headers)}`, () => {
    expect(retryAfterMs(Object.entries(headers), Date.UTC(2026, 0, 1))).toBe(wait)
  })

test('the back-off stays within its bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (retry, random) => {
        const policy = retryPolicy({ baseDelayMs: 100, maxDelayMs: 5000 })
        const delay = backoffMs(retry, policy, () => random)
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(Math.min(5000, 100 * 2 ** (retry - 1)))
      },
    ),
  )
})

test('a token bucket never lets more through than burst and rate allow, and all that they allow', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 50, noNaN: true }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60 }),
      (perSecond, burst, pauses) => {
        let now = 0
        let taken = 0
        const bucket = new TokenBucket(perSecond, burst, now)
        for (const pause of pauses) {
          now += pause
          if (bucket.waitMs(now) === 0) {
            bucket.take(now)
            taken += 1
          } else {
            now += bucket.waitMs(now)
            expect(bucket.waitMs(now)).toBe(0)
          }
          expect(taken).toBeLessThanOrEqual(burst + (now / 1000) * perSecond + 0.01)
        }
      },
    ),
  )
})

test('a fair queue loses nothing, keeps the order of each lane, and serves lanes in turns', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 50 }), (lanes) => {
      const queue = new FairQueue<[string, number]>()
      for (const [index, lane] of lanes.entries()) queue.add(lane, [lane, index])
      const taken: [string, number][] = []
      for (let item = queue.take(); item; item = queue.take()) taken.push(item)
      expect(queue.empty).toBe(true)
      expect(taken.map(([, index]) => index).sort((left, right) => left - right)).toEqual(
        lanes.map((_, index) => index),
      )
      for (const lane of ['a', 'b', 'c'] as const) {
        const own = taken.filter(([name]) => name === lane).map(([, index]) => index)
        expect(own).toEqual([...own].sort((left, right) => left - right))
        // In the first n turns of n lanes, each has one.
        const all = new Set(lanes).size
        if (lanes.includes(lane)) expect(taken.slice(0, all).some(([name]) => name === lane)).toBe(true)
      }
    }),
  )
})

test('what many sends forget at once is forgotten once; what came later is forgotten anew', () => {
  const forgetting = new Forgetting()
  let forgotten = 0
  const script = { ...tokenScript(), forget: () => void forgotten++ }
  const first = forgetting.now()
  expect(forgetting.forget([script], first)).toBe(true)
  expect(forgetting.forget([script], first)).toBe(true)
  expect(forgotten).toBe(1)
  expect(forgetting.forget([script], forgetting.now())).toBe(true)
  expect(forgotten).toBe(2)
  expect(forgetting.forget([], first)).toBe(false)
})

test('a limiter holds its bound through aborts and releases in any order, and lets everyone in at last', async () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constant('enter' as const), lane: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constant('abort' as const), which: fc.nat(20) }),
    fc.record({ kind: fc.constant('release' as const), which: fc.nat(20) }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(action, { maxLength: 60 }),
      async (concurrency, actions) => {
        const limiter = new Limiter({ concurrency }, new FakeTimers())
        const subject = { host: 'h', name: undefined, method: 'GET', variables: {} }
        const held: Place[] = []
        const waiting: { readonly controller: AbortController; readonly done: Promise<unknown> }[] = []
        let settled = 0
        for (const one of actions) {
          if (one.kind === 'enter') {
            const controller = new AbortController()
            const done = enter([limiter], subject, one.lane, controller.signal).then(
              (place) => {
                settled += 1
                held.push(place)
              },
              () => {
                settled += 1
              },
            )
            waiting.push({ controller, done })
          } else if (one.kind === 'abort') waiting[one.which]?.controller.abort()
          else if (held.length > 0) held.splice(one.which % held.length, 1)[0]?.release()
          await Promise.resolve()
          await Promise.resolve()
          await Promise.resolve()
          expect(held.length).toBeLessThanOrEqual(concurrency)
        }
        while (settled < waiting.length) {
          for (const place of held.splice(0)) place.release()
          await new Promise((resolve) => setImmediate(resolve))
        }
        expect(settled).toBe(waiting.length)
      },
    ),
    { numRuns: 100 },
  )
})
