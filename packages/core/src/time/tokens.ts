import { EzError } from '../base/error.ts'
import type { TimeOptions } from '../contract/template.ts'
import { instantAtWall, wallAt } from './zone.ts'

/** The names of the time tokens, which no script can change. */
export type TimeName = 'today' | 'yesterday' | 'min_time' | 'max_time'

const dayMs = 86_400_000
// Years of four digits, the only ones that RFC 3339 and strftime write alike.
const earliest = /* @__PURE__ */ Date.UTC(1000, 0)
const latest = /* @__PURE__ */ Date.UTC(10_000, 0)
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
 * @throws EZ_TIME_INVALID for an unknown zone, an unsupported format letter, a wrong number of seconds, or an instant
 * outside the years 1000 to 9999
 */
export function timeToken(name: TimeName, startedAt: number, options: TimeOptions = {}): string {
  const zone = options.timeZone ?? 'UTC'
  const base = startedAt + seconds('offsetSeconds', options.offsetSeconds ?? 0) * 1000
  if (name === 'today') return formatTime(options.todayFormat ?? dayFormat, momentAt(base, zone))
  if (name === 'yesterday') {
    const wall = momentAt(base, zone).wall - dayMs
    return formatTime(options.yesterdayFormat ?? dayFormat, { wall, zone })
  }
  const rolling = seconds('rollingSeconds', options.rollingSeconds ?? 900)
  const instant = name === 'max_time' ? base : base - rolling * 1000
  return formatTime(options.rollingFormat ?? defaultRollingFormat, momentAt(instant, zone))
}

/** What a clock on the wall shows, as {@link wallAt} tells it, and when, if that is known. */
interface Moment {
  readonly wall: number
  readonly zone: string
  /** Known of all but a day that was counted on the calendar: at the end of summer time, an hour is shown twice. */
  readonly instant?: number
}

function momentAt(instant: number, zone: string): Moment {
  if (Number.isNaN(instant)) throw new EzError('EZ_TIME_INVALID', 'startedAt is no valid date.')
  if (instant < earliest || instant >= latest)
    throw new EzError(
      'EZ_TIME_INVALID',
      'A time token lies outside the years 1000 to 9999. Check startedAt, offsetSeconds and rollingSeconds.',
    )
  return { wall: wallAt(instant, zone), zone, instant }
}

const instantAt = ({ wall, zone, instant = instantAtWall(wall, zone) }: Moment): number => instant

function seconds(name: string, value: number): number {
  if (!Number.isFinite(value))
    throw new EzError('EZ_TIME_INVALID', `time.${name} must be a number of seconds.`)
  return value
}

let lastDay: number | undefined
let lastText = ''

// Neighbouring sends ask for the same day.
function isoDay(wall: number): string {
  const day = Math.floor(wall / dayMs)
  if (day !== lastDay) {
    lastText = writeTime(dayFormat, { wall, zone: 'UTC' })
    lastDay = day
  }
  return lastText
}

/** A part of `2026-01-15T12:36:00.000Z`, counted from its end: ahead of UTC, 9999 ends in a year of five digits. */
const part =
  (from: number, to: number) =>
  (wall: Date): string =>
    wall.toISOString().slice(from, to)
const named =
  (options: Intl.DateTimeFormatOptions) =>
  (wall: Date): string =>
    wall.toLocaleString('en-US', { ...options, timeZone: 'UTC' })
const composed =
  (format: string) =>
  (_: Date, moment: Moment): string =>
    writeTime(format, moment)
const padded = (value: number, length: number, fill = '0'): string => String(value).padStart(length, fill)

type Letters = Record<string, (wall: Date, moment: Moment) => string>

const makeLetters = (): Letters => ({
  '%': () => '%',
  A: named({ weekday: 'long' }),
  B: named({ month: 'long' }),
  F: composed(dayFormat),
  H: part(-13, -11),
  I: (wall) => padded(wall.getUTCHours() % 12 || 12, 2),
  M: part(-10, -8),
  S: part(-7, -5),
  T: composed('%H:%M:%S'),
  Y: (wall) => padded(wall.getUTCFullYear(), 4),
  Z: (_, { zone }) => zone,
  a: named({ weekday: 'short' }),
  b: named({ month: 'short' }),
  d: part(-16, -14),
  e: (wall) => padded(wall.getUTCDate(), 2, ' '),
  f: (wall) => padded(wall.getUTCMilliseconds() * 1000, 6),
  j: (wall) => padded(Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0, 0)) / dayMs), 3),
  m: part(-19, -17),
  p: (wall) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  s: (_, moment) => String(Math.floor(instantAt(moment) / 1000)),
  u: (wall) => String(wall.getUTCDay() || 7),
  w: (wall) => String(wall.getUTCDay()),
  y: (wall) => padded(wall.getUTCFullYear() % 100, 2),
  z: (_, moment) => {
    const minutes = Math.round((moment.wall - instantAt(moment)) / 60_000)
    const distance = Math.abs(minutes)
    return `${minutes < 0 ? '-' : '+'}${padded(Math.floor(distance / 60), 2)}${padded(distance % 60, 2)}`
  },
})

const letters: Letters = /* @__PURE__ */ makeLetters()

function formatTime(format: string, moment: Moment): string {
  return format === dayFormat ? isoDay(moment.wall) : writeTime(format, moment)
}

function writeTime(format: string, moment: Moment): string {
  if (typeof format !== 'string' || format.includes('{{'))
    throw new EzError(
      'EZ_TIME_INVALID',
      'A time format must be a text, such as %Y-%m-%d. It holds no variables.',
    )
  return format.replace(/%([\s\S]?)/g, (_, letter: string) => {
    const write = Object.hasOwn(letters, letter) ? letters[letter] : undefined
    if (!write)
      throw new EzError(
        'EZ_TIME_INVALID',
        `The time format "${format}" holds %${letter}, which is not supported. Known letters: ${Object.keys(letters).join(' ')}.`,
      )
    return write(new Date(moment.wall), moment)
  })
}
