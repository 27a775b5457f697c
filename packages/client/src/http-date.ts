const zoned = /^[A-Za-z]{3,9}, \d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})$/
const asctime = /^[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/**
 * Milliseconds since 1970 of a date in a header; `undefined` for anything else, which `Date.parse` often takes for one.
 *
 * Source: RFC 9110 section 5.6.7, all three forms, and the numeric zone that some servers write.
 */
export function httpDate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  // The form of asctime names no zone: it is UTC.
  const instant = zoned.test(text)
    ? Date.parse(text)
    : asctime.test(text)
      ? Date.parse(`${text} GMT`)
      : Number.NaN
  return Number.isNaN(instant) ? undefined : instant
}
