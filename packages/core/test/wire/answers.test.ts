import { describe, expect, it } from 'vitest'
import { headerOf, instantOf, isThrottled, retryAfterMs, throttled, whenReady } from '../../src/index.ts'

const now = Date.UTC(2026, 0, 15, 12, 36, 0)
const date: [string, string] = ['Date', 'Thu, 15 Jan 2026 12:36:00 GMT']

describe('instantOf', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', 784_111_777_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 784_111_777_000],
    ['Sun Nov  6 08:49:37 1994', 784_111_777_000],
    ['Sun, 06 Nov 1994 08:49:37 -0000', 784_111_777_000],
    ['Sun, 06 Nov 1994 09:49:37 +0100', 784_111_777_000],
    ['19941106T084937Z', 784_111_777_000],
    ['1994-11-06T08:49:37Z', 784_111_777_000],
    ['1994-11-06T08:49:37.500+00:00', 784_111_777_500],
  ])('reads %s', (text, instant) => expect(instantOf(text)).toBe(instant))

  it.each([
    '',
    '12',
    '3.5',
    '2026',
    '1994-11-06',
    '1994-11-06T08:49:37',
    '20261341T000000Z',
    'Sun, 06 Nov',
    'x'.repeat(1e5),
  ])('takes %j for no instant', (text) => expect(instantOf(text.slice(0, 100_000))).toBeUndefined())
})

describe('retryAfterMs', () => {
  it.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'Retry-After': '' }, undefined],
    [{ 'Retry-After': 'soon' }, undefined],
    [{ 'Retry-After': '-1' }, undefined],
    [{ 'Retry-After': '0' }, 0],
    [{ 'Retry-After': '120' }, 120_000],
    [{ 'Retry-After': ' 3.5 ' }, 3500],
    [{ 'Retry-After': '0.0001' }, 1],
    [{ 'Retry-After': '2 s' }, 2000],
    [{ 'Retry-After': '2s' }, 2000],
    [{ 'Retry-After': '2 seconds' }, 2000],
    [{ 'Retry-After': '20ms' }, 20],
    [{ 'Retry-After': '6m0s' }, 360_000],
    [{ 'Retry-After': 'Thu, 15 Jan 2026 12:36:07 GMT' }, 7000],
    [{ 'Retry-After': 'Thu, 15 Jan 2026 12:35:00 GMT' }, 0],
    [{ 'Retry-After': 'Thu Jan 15 12:36:07 2026' }, 7000],
    [{ 'retry-after-ms': '1500', 'Retry-After': '9' }, 1500],
    [{ 'x-ms-retry-after-ms': '61' }, 61],
    [{ RateLimit: '"default";r=0;t=30' }, 30_000],
    [{ RateLimit: 'r=0;t=30' }, 30_000],
    [{ RateLimit: '"hour";r=10;t=3000, "second";r=0;t=1' }, 1000],
    [{ RateLimit: '"default";r=5;t=30' }, undefined],
    [{ RateLimit: 'limit=100, remaining=0, reset=5' }, 5000],
    [{ RateLimit: ';r=0;t='.repeat(50_000) }, undefined],
    [{ 'RateLimit-Remaining': '0', 'RateLimit-Reset': '12' }, 12_000],
    [{ 'RateLimit-Remaining': '3', 'RateLimit-Reset': '12' }, undefined],
    [{ 'X-RateLimit-Reset': '1768480565' }, 5000],
    [{ 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1768480565000' }, 5000],
    [{ 'X-RateLimit-Reset': '30' }, 30_000],
    [{ 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '1768480565' }, 5000],
    [{ 'X-RateLimit-Reset-After': '1.25' }, 1250],
    [{ 'Retry-After': '1', RateLimit: '"default";r=0;t=30' }, 1000],
  ])('reads %j as %s ms', (headers, wait) => {
    expect(retryAfterMs(Object.entries(headers), now)).toBe(wait)
    expect(retryAfterMs([...Object.entries(headers), date])).toBe(wait)
  })

  it("reads a date against the server's clock and not ours", () => {
    expect(retryAfterMs([['retry-after', 'Thu, 15 Jan 2026 12:36:07 GMT'], date], 0)).toBe(7000)
    expect(retryAfterMs([['retry-after', 'Thu, 15 Jan 2026 12:36:07 GMT']])).toBeUndefined()
  })
})

describe('isThrottled', () => {
  it.each<[number, Record<string, string>, boolean]>([
    [429, {}, true],
    [403, {}, false],
    [403, { 'Retry-After': '60' }, true],
    [403, { 'X-RateLimit-Remaining': '0' }, true],
    [403, { 'X-RateLimit-Remaining': '10' }, false],
    [401, { 'Retry-After': '60' }, false],
  ])('%s with %j: %s', (status, headers, expected) =>
    expect(isThrottled({ status, headers: Object.entries(headers), body: new Uint8Array() })).toBe(expected),
  )

  it('gives the wait with the diagnosis, and leaves out one that is not told', () => {
    expect(throttled([['Retry-After', '2']], 'Wait.')).toEqual({
      cause: 'throttled',
      message: 'Wait.',
      retryAfterMs: 2000,
    })
    expect(throttled([], 'Wait.')).toEqual({ cause: 'throttled', message: 'Wait.' })
  })
})

describe('headerOf', () => {
  it('finds the first value whatever the case of the name', () => {
    expect(
      headerOf(
        [
          ['a', '1'],
          ['Retry-After', '2'],
          ['retry-after', '3'],
        ],
        'retry-after',
      ),
    ).toBe('2')
    expect(headerOf([['a', '1']], 'b')).toBeUndefined()
  })
})

describe('whenReady', () => {
  it('goes on at once with a value, and waits for any thenable', async () => {
    expect(whenReady(1, (one) => one + 1)).toBe(2)
    expect(whenReady(null, String)).toBe('null')
    const foreign = { then: (next: (value: number) => void) => next(3) } as Promise<number>
    expect(await whenReady(foreign, (three) => three + 1)).toBe(4)
  })
})
