import { EzError } from '../base/error.ts'
import { memo } from '../base/memo.ts'

const formatOf = /* @__PURE__ */ memo<Intl.DateTimeFormat>((zone) => {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new EzError(
      'EZ_TIME_INVALID',
      `There is no time zone "${zone}". Use an IANA name such as Europe/Berlin, or UTC.`,
    )
  }
})

/** How far the clock on the wall in a zone is ahead of UTC at an instant; milliseconds, as the instant. @throws EZ_TIME_INVALID */
function aheadOfUtc(instant: number, zone: string): number {
  if (zone === 'UTC') return 0
  const shown: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(instant)) shown[type] = Number(value)
  const { year = 0, month = 0, day, hour, minute, second } = shown
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
}

/**
 * What the clock on the wall shows at an instant, as the instant at which a clock in UTC shows it.
 *
 * Days and hours can be counted on it as on a calendar: 24 hours before is the same time on the day before.
 */
export function wallAt(instant: number, zone: string): number {
  return instant + aheadOfUtc(instant, zone)
}

/** The instant at which the clock in a zone shows this; the first of two. */
export function instantAtWall(wall: number, zone: string): number {
  // The offsets a day before and after are the only two that can hold at this time of day.
  const candidates = [-86_400_000, 86_400_000].map((day) => wall - aheadOfUtc(wall + day, zone))
  return candidates.find((instant) => wallAt(instant, zone) === wall) ?? (candidates[0] as number)
}
