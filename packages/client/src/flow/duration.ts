import { EzError } from '@ez/core'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/**
 * Milliseconds of a number of them, or of a text such as `15s`, `1.5m`, `500ms`, `2h`.
 *
 * @throws EZ_FLOW_INVALID
 */
export function millisecondsOf(value: number | string, place: string): number {
  const [, digits = '', unit = ''] =
    typeof value === 'string' ? (/^(\d+(?:\.\d+)?) ?(ms|s|m|h)$/.exec(value) ?? []) : []
  const milliseconds = typeof value === 'number' ? value : Number(digits) * (units[unit] ?? Number.NaN)
  if (Number.isFinite(milliseconds) && milliseconds > 0 && (digits !== '' || typeof value === 'number'))
    return milliseconds
  throw new EzError(
    'EZ_FLOW_INVALID',
    `${place} must be a time such as 15s, 2m or 500ms, or milliseconds as a number, and is ${JSON.stringify(value)}.`,
  )
}
