import type { PreparedRequest, ResponseSnapshot } from '@ez/core'

/** What a flow is doing, told as it happens. Nothing in it is secret but what the flow's own text holds. */
export type FlowEvent =
  /** A flow step begins. */
  | { readonly type: 'step'; readonly step: string; readonly number: number; readonly of: number }
  /** A request was answered; `number` counts the requests of a repeated step, the pages of a list. */
  | { readonly type: 'answer'; readonly step: string; readonly number: number; readonly status: number }
  /** A repeated step waits before it asks again. */
  | { readonly type: 'wait'; readonly step: string; readonly number: number; readonly delayMs: number }
  /** A page of records was read; `records` counts all so far. */
  | { readonly type: 'page'; readonly step: string; readonly number: number; readonly records: number }
  /** The request of a record was answered as it should be. */
  | { readonly type: 'record'; readonly step: string; readonly record: unknown; readonly answered: number }
  /** The request of a record was refused; the others go on. */
  | { readonly type: 'refused'; readonly step: string; readonly record: unknown; readonly error: unknown }
  /** Bytes of an output written so far. */
  | { readonly type: 'bytes'; readonly step: string; readonly bytes: number }
  /** A flow step is done. */
  | ({ readonly type: 'done' } & FlowStepResult)

/** An answer as it came, for whoever shows it: it holds secrets, which `hide` takes out of a text. */
export interface SeenAnswer {
  /** The id of the flow step. */
  readonly step: string
  /** The request that was answered. */
  readonly prepared: PreparedRequest
  /** Its body is empty where that goes to an output as it comes. */
  readonly response: ResponseSnapshot
  /** Hides the secrets of the request, those captured so far, and those that this answer is captured from. */
  readonly hide: (text: string) => string
}

/** What came of a flow step. */
export interface FlowStepResult {
  /** Id of the flow step. */
  readonly step: string
  /** HTTP status of the last answer; of a step with `each`, left out. */
  readonly status?: number
  /** Requests that were answered: pages, repetitions, records. */
  readonly answers: number
  /** Records that were read. */
  readonly records?: number
  /** Records whose request was refused. */
  readonly refused?: number
  /** Records that were dealt with in an earlier run, by the journal. */
  readonly skipped?: number
  /** Bytes that were written to the output. */
  readonly bytes?: number
}

/** What came of a flow. */
export interface FlowResult {
  /** Runtime values that were captured; those of `secret: true` are `Secret`. */
  readonly captures: Readonly<Record<string, unknown>>
  /** One result for each flow step, in the order of the flow. */
  readonly steps: readonly FlowStepResult[]
  /** Records whose request was refused, of all steps. */
  readonly refused: number
}
