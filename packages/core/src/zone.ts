import { EzError } from './error.ts'

/** What the clock on the wall shows: month from 1, the rest from 0. */
export interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
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
  if (formats.size >= 100) formats.clear()
  formats.set(zone, format)
  return format
}

/** What the clock shows in a zone at an instant (milliseconds since the epoch). @throws EZ_TIME_INVALID */
export function wallAt(instant: number, zone: string): Wall {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime()))
    throw new EzError('EZ_TIME_INVALID', 'The start of the send is not a valid date.')
  if (zone === 'UTC')
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      millisecond: date.getUTCMilliseconds(),
    }
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(date)) parts[type] = Number(value)
  const { year, month, day, hour, minute, second } = parts as unknown as Wall
  return { year, month, day, hour, minute, second, millisecond: date.getUTCMilliseconds() }
}

/** The instant (milliseconds since the epoch) at which the clock in a zone shows this; the first of two. */
export function instantOf(wall: Wall, zone: string): number {
  const target = Date.UTC(
    wall.year,
    wall.month - 1,
    wall.day,
    wall.hour,
    wall.minute,
    wall.second,
    wall.millisecond,
  )
  const distance = (instant: number): number => {
    const shown = wallAt(instant, zone)
    return (
      Date.UTC(
        shown.year,
        shown.month - 1,
        shown.day,
        shown.hour,
        shown.minute,
        shown.second,
        shown.millisecond,
      ) - instant
    )
  }
  // Zone offsets a day before and after are the only two that can hold at this time of day.
  const candidates = [distance(target - 86_400_000), distance(target + 86_400_000)].map(
    (offset) => target - offset,
  )
  return candidates.find((instant) => instant + distance(instant) === target) ?? (candidates[0] as number)
}
