import { EzError } from './error.ts'
import type { TimeOptions } from './request.ts'
import { instantOf, type Wall, wallAt } from './zone.ts'

/** The names of the time tokens, which no script can change. */
export type TimeName = 'today' | 'yesterday' | 'min_time' | 'max_time'

const dayFormat = '%Y-%m-%d'
const defaultRollingFormat = '%Y-%m-%dT%H:%M:%SZ'

/**
 * The text of a time token.
 *
 * Days are calendar days in the zone: yesterday is the day before today on the calendar, at the same time
 * of day. `max_time` is the start of the send plus `offsetSeconds`; `min_time` lies `rollingSeconds` before.
 *
 * Source: eZintegrations, "Time parameters".
 *
 * @throws EZ_TIME_INVALID for an unknown zone, an unsupported format letter or a wrong number of seconds
 */
export function timeToken(name: TimeName, startedAt: Date, options: TimeOptions = {}): string {
  const zone = options.timeZone ?? 'UTC'
  const base = startedAt.getTime() + seconds('offsetSeconds', options.offsetSeconds ?? 0) * 1000
  if (zone === 'UTC' && name.endsWith('day')) {
    // A day of UTC always has 24 hours, and this is by far the most common case.
    const day = name === 'today' ? base : base - 86_400_000
    const format = name === 'today' ? options.todayFormat : options.yesterdayFormat
    return format === undefined || format === dayFormat
      ? isoDay(day)
      : formatTime(format, wallAt(day, zone), zone)
  }
  if (name === 'today') return formatTime(options.todayFormat ?? dayFormat, wallAt(base, zone), zone)
  if (name === 'yesterday') {
    const today = wallAt(base, zone)
    const before = new Date(Date.UTC(today.year, today.month - 1, today.day - 1))
    const wall = {
      ...today,
      year: before.getUTCFullYear(),
      month: before.getUTCMonth() + 1,
      day: before.getUTCDate(),
    }
    return formatTime(options.yesterdayFormat ?? dayFormat, wall, zone)
  }
  const rolling = seconds('rollingSeconds', options.rollingSeconds ?? 900)
  const instant = name === 'max_time' ? base : base - rolling * 1000
  return formatTime(options.rollingFormat ?? defaultRollingFormat, wallAt(instant, zone), zone)
}

let lastDay = Number.NaN
let lastText = ''

// Neighbouring sends ask for the same day.
function isoDay(instant: number): string {
  const day = Math.floor(instant / 86_400_000)
  if (day !== lastDay) {
    const { year, month, day: date } = wallAt(instant, 'UTC')
    lastText = `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`
    lastDay = day
  }
  return lastText
}

function seconds(name: string, value: number): number {
  if (!Number.isFinite(value))
    throw new EzError('EZ_TIME_INVALID', `time.${name} must be a number of seconds.`)
  return value
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
] // biome-ignore format: two lines read better than twelve

const two = (value: number): string => String(value).padStart(2, '0')
const weekday = (wall: Wall): number => new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay()
const dayOfYear = (wall: Wall): number =>
  (Date.UTC(wall.year, wall.month - 1, wall.day) - Date.UTC(wall.year, 0, 0)) / 86_400_000
const hour12 = (wall: Wall): number => wall.hour % 12 || 12

function offset(wall: Wall, zone: string): string {
  const minutes = Math.round((asUtc(wall) - instantOf(wall, zone)) / 60_000)
  const distance = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}${two(distance % 60)}`
}

function asUtc(wall: Wall): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond)
}

const letters: Record<string, (wall: Wall, zone: string) => string> = {
  '%': () => '%',
  A: (wall) => weekdays[weekday(wall)] as string,
  B: (wall) => months[wall.month - 1] as string,
  F: (wall) => `${String(wall.year).padStart(4, '0')}-${two(wall.month)}-${two(wall.day)}`,
  H: (wall) => two(wall.hour),
  I: (wall) => two(hour12(wall)),
  M: (wall) => two(wall.minute),
  S: (wall) => two(wall.second),
  T: (wall) => `${two(wall.hour)}:${two(wall.minute)}:${two(wall.second)}`,
  Y: (wall) => String(wall.year).padStart(4, '0'),
  Z: (_, zone) => zone,
  a: (wall) => (weekdays[weekday(wall)] as string).slice(0, 3),
  b: (wall) => (months[wall.month - 1] as string).slice(0, 3),
  d: (wall) => two(wall.day),
  e: (wall) => String(wall.day).padStart(2, ' '),
  f: (wall) => String(wall.millisecond * 1000).padStart(6, '0'),
  j: (wall) => String(dayOfYear(wall)).padStart(3, '0'),
  m: (wall) => two(wall.month),
  p: (wall) => (wall.hour < 12 ? 'AM' : 'PM'),
  s: (wall, zone) => String(Math.floor(instantOf(wall, zone) / 1000)),
  u: (wall) => String(weekday(wall) || 7),
  w: (wall) => String(weekday(wall)),
  y: (wall) => two(wall.year % 100),
  z: offset,
}

function formatTime(format: string, wall: Wall, zone: string): string {
  return format.replace(/%([\s\S]?)/g, (_, letter: string) => {
    const write = Object.hasOwn(letters, letter) ? letters[letter] : undefined
    if (!write)
      throw new EzError(
        'EZ_TIME_INVALID',
        `The time format "${format}" holds %${letter}, which is not supported. Known letters: ${Object.keys(letters).join(' ')}.`,
      )
    return write(wall, zone)
  })
}
