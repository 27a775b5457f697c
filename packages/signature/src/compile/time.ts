import { EzError } from '@ez/core'
import type { TimeFormat } from '../language/description.ts'
import type { Run } from '../run/run.ts'
import { fields, type Scope, text } from './scope.ts'

const pad = (number: number, length: number): string => String(number).padStart(length, '0')
const basic = (iso: string): string => iso.replace(/[-:]/g, '')

const formats: Readonly<Record<TimeFormat, (milliseconds: number) => string>> = {
  unix: (ms) => String(Math.floor(ms / 1000)),
  'unix-ms': (ms) => String(ms),
  'unix-us': (ms) => String(ms * 1000),
  iso: (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`,
  'iso-ms': (ms) => new Date(ms).toISOString(),
  'iso-basic': (ms) => `${basic(new Date(ms).toISOString().slice(0, 19))}Z`,
  http: (ms) => new Date(ms).toUTCString(),
  day: (ms) => new Date(ms).toISOString().slice(0, 10),
  'day-basic': (ms) => basic(new Date(ms).toISOString().slice(0, 10)),
}

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const weekdays = 'SunMonTueWedThuFriSat'
const three = (names: string, index: number): string => names.slice(index * 3, index * 3 + 3)

/** What the letters of a pattern stand for; of a date that was moved to its zone. */
const letters: Readonly<Record<string, (date: Date) => string>> = {
  yyyy: (date) => pad(date.getUTCFullYear(), 4),
  yy: (date) => pad(date.getUTCFullYear() % 100, 2),
  MMM: (date) => three(months, date.getUTCMonth()),
  MM: (date) => pad(date.getUTCMonth() + 1, 2),
  M: (date) => String(date.getUTCMonth() + 1),
  dd: (date) => pad(date.getUTCDate(), 2),
  d: (date) => String(date.getUTCDate()),
  EEE: (date) => three(weekdays, date.getUTCDay()),
  HH: (date) => pad(date.getUTCHours(), 2),
  H: (date) => String(date.getUTCHours()),
  hh: (date) => pad(date.getUTCHours() % 12 || 12, 2),
  h: (date) => String(date.getUTCHours() % 12 || 12),
  mm: (date) => pad(date.getUTCMinutes(), 2),
  m: (date) => String(date.getUTCMinutes()),
  ss: (date) => pad(date.getUTCSeconds(), 2),
  s: (date) => String(date.getUTCSeconds()),
  SSS: (date) => pad(date.getUTCMilliseconds(), 3),
  a: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
}

/** The letters of a pattern, and literal text in quotes. */
export const patternToken: RegExp = /'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+/g

/** Minutes of a zone such as `+08:00`; `undefined` when it is none. */
export function zoneMinutes(zone: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):([0-5]\d)$/.exec(zone) ?? []
  return hours === undefined ? undefined : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/** Compiles the instants of a description. @throws EZ_OPTION_INVALID */
export function compileTime(scope: Scope, place: string, rule: unknown): (run: Run) => string {
  const shape =
    typeof rule === 'string' ? { format: rule } : fields(scope, place, rule, 'format pattern zone plus')
  const write = writer(scope, place, shape)
  const { plus } = shape
  if (plus === undefined) return (run) => write(instant(run, 0))
  if (typeof plus === 'number' && Number.isSafeInteger(plus)) return (run) => write(instant(run, plus))
  const option = typeof plus === 'string' && plus.startsWith('$') ? plus.slice(1) : ''
  if (scope.options.get(option)?.kind !== 'text')
    scope.fail(place, 'plus must be seconds, or $ and the name of an option of the kind text')
  return (run) => write(instant(run, Number(run.options[option])))
}

/** @throws EZ_CLOCK_INVALID */
function instant({ now }: Run, plus: number): number {
  const moved = now + plus * 1000
  if (moved > -62_167_219_200_001 && moved < 253_402_300_800_000) return moved
  throw new EzError(
    'EZ_CLOCK_INVALID',
    'signature: the clock, or the seconds added to it, give no instant before the year 10000.',
  )
}

function writer(scope: Scope, place: string, shape: Record<string, unknown>): (ms: number) => string {
  const { format, pattern, zone = '+00:00' } = shape
  if ((format === undefined) === (pattern === undefined)) scope.fail(place, 'give a format or a pattern')
  if (format !== undefined) {
    if (!Object.hasOwn(formats, format as string))
      scope.fail(place, `there is no format "${String(format)}"; known: ${Object.keys(formats).join(' ')}`)
    return lastKept(formats[format as TimeFormat])
  }
  const minutes = zoneMinutes(text(scope, place, zone)) ?? scope.fail(place, 'a zone is written +08:00')
  const parts = text(scope, place, pattern).match(patternToken) ?? []
  if (parts.join('') !== pattern) scope.fail(place, 'a quote of the pattern has no end')
  const writers = parts.map((part): ((date: Date) => string) => {
    if (part.startsWith("'")) return () => part.slice(1, -1)
    if (!/^[A-Za-z]/.test(part)) return () => part
    return Object.hasOwn(letters, part)
      ? (letters[part] as (date: Date) => string)
      : scope.fail(place, `"${part}" is no part of a pattern; put literal text in single quotes`)
  })
  return lastKept((ms) => {
    const date = new Date(ms + minutes * 60_000)
    return writers.map((write) => write(date)).join('')
  })
}

/** Keeps the last result: a request asks for the same instant in several places. */
function lastKept(write: (ms: number) => string): (ms: number) => string {
  let last = Number.NaN
  let written = ''
  return (ms) => {
    if (ms !== last) {
      written = write(ms)
      last = ms
    }
    return written
  }
}
