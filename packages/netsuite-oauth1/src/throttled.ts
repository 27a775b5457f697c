import type { Diagnosis, Pairs } from '@ez/core'
import { headerOf } from './header-of.ts'

/** Too many requests, with the wait that the server asks for. */
export function throttled(headers: Pairs): Diagnosis {
  const seconds = Number.parseInt(headerOf(headers, 'retry-after'), 10)
  return {
    cause: 'throttled',
    message: 'Too many requests, no login error. Wait and sign anew.',
    ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
  }
}
