import type { Pairs } from '@ez/core'
import { httpDate } from './http-date.ts'
import { headerOf } from './response.ts'

/**
 * Milliseconds that a server asks us to wait: `retry-after-ms`, `x-ms-retry-after-ms`, then `Retry-After` in
 * seconds or as a date (RFC 9110 section 10.2.3), read against the server's own `Date`.
 */
export function retryAfterMs(headers: Pairs, nowMs: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = headerOf(headers, name)
    if (value !== undefined && /^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value))
  }
  const value = headerOf(headers, 'retry-after')
  if (value === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  const instant = httpDate(value)
  if (instant === undefined) return undefined
  return Math.max(0, instant - (httpDate(headerOf(headers, 'date')) ?? nowMs))
}
