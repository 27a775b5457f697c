import type { Diagnosis, Pairs } from '@ez/core'

/** The value of a header; empty when there is none. */
export function headerOf(headers: Pairs, wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? ''
}

/** Too many requests, with the wait that the server asks for. */
export function throttled(headers: Pairs): Diagnosis {
  const seconds = Number.parseInt(headerOf(headers, 'retry-after'), 10)
  return {
    cause: 'throttled',
    message: 'Too many requests, no login error. Wait and sign anew.',
    ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
  }
}
