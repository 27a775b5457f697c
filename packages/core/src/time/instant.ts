const httpForm =
  /^[A-Za-z]{3,9}, {1,2}\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4} {1,2}\d{1,2}:\d{2}:\d{2} (?:GMT|UTC|Z|[+-]\d{4})$/
const asctimeForm = /^[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/
const isoForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/
const basicForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z$/

/**
 * Milliseconds since 1970 of an instant that a server or a client wrote; `undefined` for anything else, which
 * `Date.parse` often takes for one.
 *
 * Reads HTTP dates in all three forms (RFC 9110 section 5.6.7) and with a numeric zone (`-0000`), ISO 8601 with a
 * zone (`2026-01-15T12:36:00Z`), and its basic form (`20260115T123600Z`).
 *
 * @example
 * ```ts
 * import { instantOf } from '@ez/core'
 *
 * instantOf('Thu, 15 Jan 2026 12:36:00 GMT') // 1768480560000
 * instantOf('12') // undefined
 * ```
 */
export function instantOf(text: string | undefined): number | undefined {
  if (text === undefined || text.length > 64) return undefined
  const instant = parse(text.trim())
  return Number.isNaN(instant) ? undefined : instant
}

function parse(text: string): number {
  // The form of asctime names no zone: it is UTC.
  if (asctimeForm.test(text)) return Date.parse(`${text} GMT`)
  if (httpForm.test(text) || isoForm.test(text)) return Date.parse(text)
  const basic = basicForm.exec(text)
  return basic ? Date.parse(basicToExtended(basic)) : Number.NaN
}

function basicToExtended([, year, month, day, hour, minute, second]: RegExpExecArray): string {
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}
