import type { Diagnosis, PreparedRequest, ResponseSnapshot } from '@ez/core'
import type { Expectation } from '@ez/request-file'
import type { RowOutputs } from '../rows/row-outputs.ts'
import type { Outcome } from './outcome.ts'

/** A request that was sent, and its answer. */
export interface Exchange {
  readonly prepared: PreparedRequest
  readonly response: ResponseSnapshot
  readonly bytes: number
  readonly attempts: number
  /** With its tokens resolved. */
  readonly expectation?: Expectation
  readonly redirect?: Outcome['redirect']
  /** What scripts that look at the answer found. */
  readonly tests?: Outcome['tests']
  /** What a step made of a refusal. */
  readonly diagnosis?: Diagnosis
  /** The file that was to hold the answer, which is a refusal. */
  readonly unwritten?: string
}

/** A row that a request is sent for. */
export interface RowOfRequest {
  readonly number: number
  readonly data: Record<string, unknown>
  /** Where the answers of rows go. */
  readonly outputs?: RowOutputs
}

/** An outcome, with the answer or the error that it was made of. */
export interface Attempted {
  readonly outcome: Outcome
  readonly exchange?: Exchange
  readonly error?: unknown
}
