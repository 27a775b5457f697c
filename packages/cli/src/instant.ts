import { createHash } from 'node:crypto'
import { EzError, type PrepareContext } from '@ez/core'
import { randomAlphanumeric } from '@ez/core/crypto'

/** A clock that stands still. */
export function momentOf(instant: Date): PrepareContext {
  return { clock: () => instant, startedAt: instant }
}

/** A clock and a nonce that stay the same, for all that is resolved of one attempt. */
export function oneAttempt(): PrepareContext {
  let nonce: string | undefined
  return { ...momentOf(new Date()), nonce: () => (nonce ??= randomAlphanumeric(32)) }
}

/** A UUID made of a text: RFC 9562 section 5.8, version 8, of its SHA-256. */
export function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16)
  bytes[6] = 0x80 | ((bytes[6] as number) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** The instant that `--at` names. @throws EZ_USAGE */
export function readInstant(text: string): Date {
  const instant = new Date(text)
  // A day that no month has is moved on by Date, instead of being refused.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (
    Number.isNaN(day.getTime()) ||
    day.toISOString().slice(0, 10) !== text.slice(0, 10) ||
    !/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text) ||
    Number.isNaN(instant.getTime())
  )
    throw new EzError(
      'EZ_USAGE',
      `--at ${text}: it is no ISO instant. Write it with its zone, as in 2026-11-21T08:00:00Z.`,
    )
  return instant
}
