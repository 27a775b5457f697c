import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepare, type TimeOptions } from '../../src/index.ts'
import { timeToken } from '../../src/time/tokens.ts'
import { bodyText, errorOf } from '../support/support.ts'

const at = (instant: string, name: Parameters<typeof timeToken>[0], options: TimeOptions = {}) =>
  timeToken(name, Date.parse(instant), options)

describe('days are calendar days in the zone', () => {
  test.each<[string, string, TimeOptions, string, string]>([
    ['month end', '2026-03-01T00:00:00Z', {}, '2026-03-01', '2026-02-28'],
    ['year end', '2026-01-01T00:00:00Z', {}, '2026-01-01', '2025-12-31'],
    ['leap day', '2024-03-01T12:00:00Z', {}, '2024-03-01', '2024-02-29'],
    ['on the leap day', '2024-02-29T23:59:59Z', {}, '2024-02-29', '2024-02-28'],
    ['west of UTC', '2026-06-01T03:00:00Z', { timeZone: 'America/Los_Angeles' }, '2026-05-31', '2026-05-30'],
    ['east of UTC', '2026-06-01T20:00:00Z', { timeZone: 'Asia/Tokyo' }, '2026-06-02', '2026-06-01'],
    // Berlin went from +01:00 to +02:00 on 29 March 2026 at 01:00 UTC, and back on 25 October 2026.
    [
      'the day after 23 hours',
      '2026-03-29T22:30:00Z',
      { timeZone: 'Europe/Berlin' },
      '2026-03-30',
      '2026-03-29',
    ],
    ['the 23-hour day', '2026-03-29T21:30:00Z', { timeZone: 'Europe/Berlin' }, '2026-03-29', '2026-03-28'],
    [
      'the day after 25 hours',
      '2026-10-25T23:30:00Z',
      { timeZone: 'Europe/Berlin' },
      '2026-10-26',
      '2026-10-25',
    ],
    ['the 25-hour day', '2026-10-25T22:30:00Z', { timeZone: 'Europe/Berlin' }, '2026-10-25', '2026-10-24'],
    ['offset forward', '2026-01-15T23:30:00Z', { offsetSeconds: 3600 }, '2026-01-16', '2026-01-15'],
    ['offset back', '2026-01-15T00:30:00Z', { offsetSeconds: -3600 }, '2026-01-14', '2026-01-13'],
    [
      'a zone of 45 minutes',
      '2026-01-15T18:14:00Z',
      { timeZone: 'Asia/Kathmandu' },
      '2026-01-15',
      '2026-01-14',
    ],
    [
      'a zone of 45 minutes, a minute later',
      '2026-01-15T18:15:00Z',
      { timeZone: 'Asia/Kathmandu' },
      '2026-01-16',
      '2026-01-15',
    ],
  ])('%s', (_, instant, options, today, yesterday) => {
    expect(at(instant, 'today', options)).toBe(today)
    expect(at(instant, 'yesterday', options)).toBe(yesterday)
  })
})

describe('the rolling window', () => {
  test('lies before the start of the send', () => {
    expect(at('2026-01-15T12:36:00Z', 'max_time')).toBe('2026-01-15T12:36:00Z')
    expect(at('2026-01-15T12:36:00Z', 'min_time')).toBe('2026-01-15T12:21:00Z')
    const options = { rollingSeconds: 86_400, offsetSeconds: 60, rollingFormat: '%Y-%m-%dT%H:%M:00.000' }
    expect(at('2026-01-15T12:36:00Z', 'min_time', options)).toBe('2026-01-14T12:37:00.000')
  })

  test('is real time across a change of the clock', () => {
    const options = { rollingSeconds: 3600, timeZone: 'Europe/Berlin', rollingFormat: '%H:%M%z' }
    expect(at('2026-03-29T01:30:00Z', 'min_time', options)).toBe('01:30+0100')
    expect(at('2026-03-29T01:30:00Z', 'max_time', options)).toBe('03:30+0200')
  })

  test('tells the two hours apart that the clock shows twice', () => {
    const options = {
      timeZone: 'America/New_York',
      rollingSeconds: 3600,
      todayFormat: '%H:%M%z %s',
      rollingFormat: '%H:%M%z %s',
    }
    expect(at('2026-11-01T06:30:00Z', 'min_time', options)).toBe('01:30-0400 1793511000')
    expect(at('2026-11-01T06:30:00Z', 'max_time', options)).toBe('01:30-0500 1793514600')
    expect(at('2026-11-01T06:30:00Z', 'today', options)).toBe('01:30-0500 1793514600')
  })

  test('shows in every zone what the clock of the runtime shows', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'Africa/Casablanca'] // biome-ignore format: one list
    const instants = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('9999-12-30'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, timeZone) => {
        const shown: Record<string, string> = {}
        const format = new Intl.DateTimeFormat('en-CA', {
          timeZone,
          hourCycle: 'h23',
          year: 'numeric',
          month: '2-digit',
          day: '2-digit',
          hour: '2-digit',
          minute: '2-digit',
          second: '2-digit',
          timeZoneName: 'longOffset',
        })
        for (const { type, value } of format.formatToParts(instant)) shown[type] = value
        const offset = shown.timeZoneName === 'GMT' ? '+0000' : shown.timeZoneName?.replace(/GMT|:/g, '')
        expect(
          timeToken('max_time', instant.getTime(), { timeZone, rollingFormat: '%Y-%m-%d %H:%M:%S %z %s' }),
        ).toBe(
          `${shown.year}-${shown.month}-${shown.day} ${shown.hour}:${shown.minute}:${shown.second} ${offset} ${Math.floor(instant.getTime() / 1000)}`,
        )
      }),
      { numRuns: 500 },
    )
  })
})

describe('formats', () => {
  test.each<[string, string]>([
    ['%Y-%m-%dT00:00:01Z', '2026-02-05T00:00:01Z'],
    ['%d.%m.%y %H:%M:%S', '05.02.26 04:05:06'],
    ['%A %a %B %b %j %u %w %e', 'Thursday Thu February Feb 036 4 4  5'],
    ['%I:%M %p', '04:05 AM'],
    ['%F %T %f %s %z %Z %%', '2026-02-05 04:05:06 789000 1770264306 +0000 UTC %'],
  ])('%s', (todayFormat, expected) =>
    expect(at('2026-02-05T04:05:06.789Z', 'today', { todayFormat })).toBe(expected),
  )

  test('one that holds a variable is refused', () =>
    expect(() => at('2026-02-05T04:05:06Z', 'today', { todayFormat: '{{format}}' })).toThrow(/no variables/))

  test.each(['%Q', '%', '%-d', '%__proto__'])('%s is refused', (todayFormat) =>
    expect(() => at('2026-02-05T04:05:06Z', 'today', { todayFormat })).toThrow(/is not supported/),
  )

  test.each<[string, TimeOptions]>([
    ['0999-12-31T23:59:59Z', {}],
    ['+010000-01-02T00:00:00Z', { timeZone: 'Europe/Berlin' }],
    ['2026-02-05T04:05:06Z', { offsetSeconds: 1e15 }],
    ['2026-02-05T04:05:06Z', { offsetSeconds: 1e15, timeZone: 'Asia/Tokyo' }],
    ['2026-02-05T04:05:06Z', { rollingSeconds: 1e18 }],
    ['not a date', {}],
  ])('an instant without a year of four digits is refused: %s %j', (instant, options) => {
    for (const format of ['%Y', '%A', '%F', '%z'])
      expect(() => at(instant, 'min_time', { rollingFormat: format, ...options })).toThrow(
        expect.objectContaining({ code: 'EZ_TIME_INVALID' }),
      )
  })

  test('what is no text is refused', () => {
    expect(() => at('2026-02-05T04:05:06Z', 'today', { todayFormat: 5 as unknown as string })).toThrow(
      expect.objectContaining({ code: 'EZ_TIME_INVALID' }),
    )
  })

  test('an unknown zone is refused', () => {
    expect(() => at('2026-02-05T04:05:06Z', 'today', { timeZone: 'Mars/Olympus' })).toThrow(/no time zone/)
  })
})

describe('scopes', () => {
  test('a token has one value within its scope, and the clock is read once', async () => {
    let reads = 0
    const clock = () => new Date(Date.UTC(2026, 0, 15, 12, 36, 0, reads++))
    const text =
      '{%now%} {%now%} {%timestamp%} {%timestamp_ms%} {%nonce%} {%nonce%} {%uuid%} {%uuid%} {%max_time%}'
    const prepared = await prepare(
      { method: 'POST', url: 'https://api.example.com/{%nonce%}', body: { text } },
      { clock, nonce: () => `n${reads++}` },
    )
    const [now, sameNow, seconds, milliseconds, nonce, sameNonce, uuid, sameUuid, max] =
      bodyText(prepared).split(' ')
    expect(now).toBe('2026-01-15T12:36:00.000Z')
    expect([sameNow, sameNonce, sameUuid]).toEqual([now, nonce, uuid])
    expect(seconds).toBe('1768480560')
    expect(milliseconds).toBe('1768480560000')
    expect(prepared.url.endsWith(`/${nonce}`)).toBe(true)
    expect(max).toBe('2026-01-15T12:36:00Z')
  })

  test('days come from the start of the send, instants from the attempt', async () => {
    const prepared = await prepare(
      { method: 'POST', url: 'https://api.example.com/', body: { text: '{%today%} {%now%}' } },
      { startedAt: new Date('2026-01-15T23:59:59Z'), clock: () => new Date('2026-01-16T00:00:01Z') },
    )
    expect(bodyText(prepared)).toBe('2026-01-15 2026-01-16T00:00:01.000Z')
  })

  test('page values come from outputs; reserved names are never overridden', async () => {
    const template = { method: 'GET', url: 'https://api.example.com/?offset={%min_num%}&limit={%max_num%}' }
    expect((await prepare(template, { outputs: { min_num: 0, max_num: 100 } })).url).toBe(
      'https://api.example.com/?offset=0&limit=100',
    )
    expect((await errorOf(prepare(template))).code).toBe('EZ_OUTPUT_MISSING')
    expect((await errorOf(prepare(template, { outputs: { today: 'x' } }))).code).toBe('EZ_NAME_RESERVED')
  })
})
