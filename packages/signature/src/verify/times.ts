import { instantOf } from '@ez/core'
import { patterns, patternToken, unitOf, zoneMinutes } from '../compile/time.ts'
import type { TimeFormat, TimeRule } from '../language/description.ts'

const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** Whether an instant is a day alone. */
export const isDay = (rule: TimeRule): boolean => {
  if (typeof rule === 'string') return rule.startsWith('day')
  return rule.pattern === undefined
    ? (rule.format ?? '').startsWith('day')
    : !/[Hh]/.test(rule.pattern.replace(/'[^']*'/g, ''))
}

/** Milliseconds of an instant as a rule writes it; `undefined` when it is none. */
export function readInstant(rule: TimeRule, text: string): number | undefined {
  const { format = '', pattern, zone } = typeof rule === 'string' ? { format: rule } : rule
  const number = format.startsWith('unix')
    ? /^\d{1,16}(?:\.\d{1,9})?$/.test(text)
      ? Number(text) * unitOf(format)
      : Number.NaN
    : /^(?:http|iso)/.test(format)
      ? (instantOf(text) ?? Number.NaN)
      : readPattern(pattern ?? patterns[format as TimeFormat], zone ?? '+00:00', text)
  return Number.isFinite(number) ? number : undefined
}

function readPattern(pattern: string, zone: string, text: string): number {
  const names: string[] = []
  const source = (pattern.match(patternToken) ?? []).map((part) => {
    if (!/^[A-Za-z]/.test(part))
      return (part.startsWith("'") ? part.slice(1, -1) : part).replace(/[^\w\s]/g, '\\$&')
    names.push(part)
    if (/^(?:MMM|EEE)$/.test(part)) return '([A-Z][a-z]{2})'
    return part === 'a' ? '([AP]M)' : part.length === 1 ? '(\\d{1,2})' : `(\\d{${part.length}})`
  })
  const found = new RegExp(`^${source.join('')}$`).exec(text)
  if (!found) return Number.NaN
  const get = (...keys: readonly string[]): string | undefined => {
    const index = names.findIndex((name) => keys.includes(name))
    return index < 0 ? undefined : found[index + 1]
  }
  const short = get('yy')
  const year = Number(get('yyyy') ?? (short === undefined ? Number.NaN : 2000 + Number(short)))
  const named = get('MMM')
  const month = named === undefined ? Number(get('MM', 'M')) - 1 : months.indexOf(named) / 3
  const half = Number(get('hh', 'h')) % 12
  const hour = Number(get('HH', 'H') ?? (Number.isNaN(half) ? 0 : half + (get('a') === 'PM' ? 12 : 0)))
  const rest = [get('mm', 'm'), get('ss', 's'), get('SSS')].map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
  ]
  return Date.UTC(year, month, Number(get('dd', 'd')), hour, ...rest) - (zoneMinutes(zone) ?? 0) * 60_000
}
