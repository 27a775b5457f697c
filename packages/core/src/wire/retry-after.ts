import type { Pairs } from '../contract/request.ts'
import { instantOf } from '../time/instant.ts'
import { headerOf } from './header-of.ts'

const number = /^\d+(?:\.\d+)?$/
// Also how OpenAI writes the end of a window: `6m0s`, `20ms`.
const span = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?) ?s(?:ec(?:onds?)?)?)?(?:(\d+(?:\.\d+)?) ?ms)?$/

/**
 * Milliseconds that a server asks us to wait before the next attempt; `undefined` when it does not say.
 *
 * Reads, in this order: `retry-after-ms` and `x-ms-retry-after-ms`; `Retry-After` in seconds, with decimals, with a
 * unit (`2 s`) or as a date; and where nothing remains of a limit, its end: `RateLimit` (`"day";r=0;t=30`, and
 * `remaining=0, reset=30`), `RateLimit-Reset`, `X-RateLimit-Reset-After`, `X-RateLimit-Reset` and
 * `X-Rate-Limit-Reset`, in seconds from now, in seconds or milliseconds since 1970, or as a date.
 *
 * Source: RFC 9110 section 10.2.3; draft-ietf-httpapi-ratelimit-headers-10 and -06; GitHub and X, "Rate limits".
 *
 * @param nowMs our clock, in milliseconds since 1970: an instant is read against the server's own `Date`, and
 * against this when it sent none
 *
 * @example
 * ```ts
 * import { retryAfterMs } from '@ez/core'
 *
 * retryAfterMs([['retry-after', '3.5']]) // 3500
 * ```
 */
export function retryAfterMs(headers: Pairs, nowMs?: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = headerOf(headers, name)?.trim() ?? ''
    if (number.test(value)) return whole(Number(value))
  }
  const now = instantOf(headerOf(headers, 'date')) ?? nowMs
  return waitOf(headerOf(headers, 'retry-after'), now) ?? endOfWindow(headers, now)
}

/** A number of seconds, a span with units, or an instant. */
function waitOf(given: string | undefined, now: number | undefined): number | undefined {
  const value = given?.trim() ?? ''
  if (value === '' || value.length > 64) return undefined
  if (number.test(value)) return whole(Number(value) * 1000)
  const [, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = span.exec(value) ?? []
  if (span.test(value))
    return whole(
      ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(milliseconds),
    )
  const instant = instantOf(value)
  return instant === undefined || now === undefined ? undefined : whole(instant - now)
}

/** When the window ends of a limit of which nothing remains; the latest, when there are several. */
function endOfWindow(headers: Pairs, now: number | undefined): number | undefined {
  const ends = spentWindows(headerOf(headers, 'ratelimit') ?? '')
  if (ends.length > 0) return Math.max(...ends) * 1000
  for (const prefix of ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-']) {
    const left = headerOf(headers, `${prefix}remaining`)?.trim() ?? '0'
    if (Number.parseFloat(left) > 0) continue
    const reset =
      (headerOf(headers, `${prefix}reset-after`) ?? headerOf(headers, `${prefix}reset`))?.trim() ?? ''
    const wait = number.test(reset) ? resetOf(Number(reset), now) : waitOf(reset, now)
    if (wait !== undefined) return wait
  }
  return undefined
}

/** Seconds to the end of each limit of a `RateLimit` header of which nothing remains. */
function spentWindows(value: string): number[] {
  if (value.length > 1024) return []
  // Version 6 of the draft had one limit, its parts joined with commas; since then commas join limits.
  const limits = /\bremaining=/.test(value) ? [value] : value.split(',')
  return limits.flatMap((limit) => {
    const parts = new Map(
      limit.split(/[;,]/).map((part) => {
        const [name = '', value = ''] = part.trim().split('=', 2)
        return [name, value] as const
      }),
    )
    const left = parts.get('r') ?? parts.get('remaining') ?? ''
    const seconds = parts.get('t') ?? parts.get('reset') ?? ''
    return /^0+$/.test(left) && /^\d{1,15}$/.test(seconds) ? [Number(seconds)] : []
  })
}

/** Seconds from now as the draft has them, or an instant in seconds or milliseconds as most vendors do. */
function resetOf(reset: number, now: number | undefined): number | undefined {
  if (reset < 1e9) return whole(reset * 1000)
  return now === undefined ? undefined : whole((reset < 1e11 ? reset * 1000 : reset) - now)
}

function whole(milliseconds: number): number {
  return Math.max(0, Math.ceil(milliseconds))
}
