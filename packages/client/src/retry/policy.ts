import type { PreparedRequest } from '@ez/core'
import type { RetryOptions } from '../contract/retry-options.ts'

/** With every option given. */
export type RetryPolicy = Required<RetryOptions>

/** The policy of a send; `false` never repeats. */
export function retryPolicy(options: RetryOptions | false | undefined): RetryPolicy {
  const given = options === false ? { limit: 0 } : (options ?? {})
  return {
    limit: given.limit ?? 3,
    baseDelayMs: given.baseDelayMs ?? 250,
    maxDelayMs: given.maxDelayMs ?? 20_000,
    maxRetryAfterMs: given.maxRetryAfterMs ?? 120_000,
    repeat: given.repeat ?? 'when-safe',
    budget: given.budget ?? true,
  }
}

// RFC 9110 section 9.2.2, without TRACE, which fetch does not send.
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
// draft-ietf-httpapi-idempotency-key-header, and vendors' own: X-NetSuite-Idempotency-Key.
const idempotencyKey = /(?:^|-)idempotency-key$/

/** Whether a request may be sent again; `unprocessed` when the server did nothing with it. */
export function mayRepeat(
  { method, headers }: Pick<PreparedRequest, 'method' | 'headers'>,
  repeat: RetryPolicy['repeat'],
  unprocessed: boolean,
): boolean {
  return (
    repeat === 'always' ||
    (repeat === 'when-safe' && unprocessed) ||
    idempotent.has(method) ||
    headers.some(([name]) => idempotencyKey.test(name))
  )
}

/** Whether a status says that another attempt may fare better. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/**
 * Milliseconds before a retry, the first being 1: anything up to a bound that doubles each time.
 *
 * Source: AWS Architecture Blog, "Exponential backoff and jitter": full jitter.
 */
export function backoffMs(retry: number, policy: RetryPolicy, random: () => number): number {
  return Math.floor(random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (retry - 1)))
}
