import { EzError } from '@ez/core'
import type { TimeFormat } from '../language/description.ts'
import type { Run } from '../run/run.ts'
import { fields, type Scope, text } from './scope.ts'

/** The named formats as patterns; those of numbers have none. */
export const patterns: Readonly<Record<TimeFormat, string>> = {
  unix: '',
  'unix-ms': '',
  'unix-us': '',
  iso: "yyyy-MM-dd'T'HH:mm:ss'Z'",
  'iso-ms': "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
  'iso-basic': "yyyyMMdd'T'HHmmss'Z'",
  http: "EEE, dd MMM yyyy HH:mm:ss 'GMT'",
  day: 'yyyy-MM-dd',
  'day-basic': 'yyyyMMdd',
}

/** What a unit of a number of time is in milliseconds. */
export const unitOf = (format: string): number =>
  format === 'unix' ? 1000 : format === 'unix-us' ? 0.001 : 1

/** Where the letters of a pattern stand in an ISO instant, and the names in an HTTP date. */
const letters: Readonly<Record<string, readonly [start: number, end: number]>> = {
  yyyy: [0, 4],
  yy: [2, 4],
  MM: [5, 7],
  dd: [8, 10],
  HH: [11, 13],
  mm: [14, 16],
  ss: [17, 19],
  SSS: [20, 23],
  EEE: [0, 3],
  MMM: [8, 11],
}

/** The letters of a pattern, and literal text in quotes. */
export const patternToken: RegExp = /'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+/g

/** Minutes of a zone such as `+08:00`; `undefined` when it is none. */
export function zoneMinutes(zone: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):([0-5]\d)$/.exec(zone) ?? []
  return hours === undefined ? undefined : Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes))
}

/** Compiles the instants of a description. @throws EZ_OPTION_INVALID */
export function compileTime(scope: Scope, place: string, rule: unknown): (run: Run) => string {
  const shape =
    typeof rule === 'string' ? { format: rule } : fields(scope, place, rule, 'format pattern zone plus')
  const write = lastKept(writer(scope, place, shape))
  const { plus = 0 } = shape
  if (Number.isSafeInteger(plus)) return (run) => write(instant(run, plus as number))
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
  const known =
    format === undefined ? text(scope, place, pattern) : patterns[scope.among(place, patterns, format)]
  if (known === '') return (ms) => String(Math.floor(ms / unitOf(format as string)))
  const minutes = zoneMinutes(text(scope, place, zone)) ?? scope.fail(place, 'a zone is written +08:00')
  const parts = known.match(patternToken) ?? []
  if (parts.join('') !== known) scope.fail(place, 'a quote of the pattern has no end')
  const writers = parts.map((part): ((date: Date) => string) => {
    if (/^(?:EEE|MMM)$/.test(part)) return (date) => date.toUTCString().slice(...at(part))
    if (/^[^A-Za-z]/.test(part)) return () => part.replaceAll("'", '')
    const hour = (date: Date): number => date.getUTCHours()
    if (part === 'a') return (date) => (hour(date) < 12 ? 'AM' : 'PM')
    if (/^hh?$/.test(part)) return (date) => String(hour(date) % 12 || 12).padStart(part.length, '0')
    if (/^[MdHms]$/.test(part)) return (date) => String(Number(date.toISOString().slice(...at(part + part))))
    scope.among(place, letters, part)
    return (date) => date.toISOString().slice(...at(part))
  })
  return (ms) => {
    const date = new Date(ms + minutes * 60_000)
    return writers.map((write) => write(date)).join('')
  }
}

const at = (part: string): [number, number] => letters[part] as [number, number]

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
