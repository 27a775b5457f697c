import type { Diagnosis, ResponseSnapshot } from '../contract/step.ts'
import { headerOf } from './header-of.ts'
import { retryAfterMs } from './retry-after.ts'

/**
 * Whether an answer says that too many requests came, whatever the service: 429, or 403 with `Retry-After` or with a
 * limit of which nothing remains, as GitHub answers.
 *
 * @example
 * ```ts
 * import { isThrottled } from '@ez/core'
 *
 * isThrottled({ status: 403, headers: [['retry-after', '30']], body: new Uint8Array() }) // true
 * ```
 */
export function isThrottled({ status, headers }: ResponseSnapshot): boolean {
  if (status === 429) return true
  if (status !== 403) return false
  const left = headerOf(headers, 'x-ratelimit-remaining') ?? headerOf(headers, 'ratelimit-remaining')
  return headerOf(headers, 'retry-after') !== undefined || left?.trim() === '0'
}

/**
 * The diagnosis of a request that came too soon, with the wait that the server asks for.
 *
 * @param message what happened and what to do
 * @param nowMs our clock, in milliseconds since 1970, for a server that sends no `Date`
 *
 * @example
 * ```ts
 * import { throttled } from '@ez/core'
 *
 * throttled([['retry-after', '2']], 'Too many requests. Wait, then send again.').retryAfterMs // 2000
 * ```
 */
export function throttled(headers: ResponseSnapshot['headers'], message: string, nowMs?: number): Diagnosis {
  const wait = retryAfterMs(headers, nowMs)
  return { cause: 'throttled', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) }
}
