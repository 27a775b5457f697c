import type { Diagnosis, EzError, PreparedRequest } from '@ez/core'

/** One request that was prepared and sent, and what came of it. */
export interface Attempt {
  /** What was sent. */
  readonly prepared: PreparedRequest
  /** HTTP status, when an answer came. */
  readonly status?: number
  /** Why there is no whole answer. */
  readonly error?: EzError
  /** What a step, or the table of throttling answers, made of the answer. */
  readonly diagnosis?: Diagnosis
  /** Milliseconds that were waited before it. */
  readonly delayMs: number
}
