import type { PreparedRequest, RequestTemplate, ResponseSnapshot } from '@ez/core'
import type { Condition } from './answer/condition.ts'
import type { ResponseReading } from './answer/reading.ts'
import type { StepOutput } from './output/step-output.ts'
import type { FlowPagination } from './pages.ts'

/**
 * Where a capture's value stands in an answer; exactly one of the places.
 *
 * No match, `null` and an empty text are EZ_CAPTURE_MISSING, unless `default` is given.
 */
export interface Capture {
  /** JSONPath (RFC 9535), such as `$.reportId`. A path to one place gives its value, any other a list. */
  readonly json?: string
  /** XPath 3.1; needs the packages `slimdom` and `fontoxpath`. */
  readonly xml?: string
  /** Name of a header, in any case. */
  readonly header?: string
  /** The HTTP status, a number. */
  readonly status?: true
  /** The whole body as text. */
  readonly text?: true
  /** Masks the value wherever the pipeline prints (default `false`). */
  readonly secret?: boolean
  /** The value when there is none. */
  readonly default?: unknown
}

/** The same flow step again, prepared and signed anew each time, until an answer is as it should be. */
export interface Repeat {
  /** Wait between two answers: milliseconds, or a text such as `15s`, `2m`, `500ms`. A Retry-After of the answer wins. */
  readonly every: number | string
  /** Longest time for all of it, from its first request: milliseconds, or a text such as `20m`. */
  readonly atMost?: number | string
  /** Requests at most. One of `atMost` and `times` must be given. */
  readonly times?: number
  /** What the last answer is like. */
  readonly until: Condition
  /** What an answer is like after which it is useless to go on: EZ_REPEAT_FAILED. */
  readonly failWhen?: Condition
}

/** A request of a flow, and what is done with its answer. */
export interface FlowStep extends RequestTemplate {
  /** Letters, digits, `_` and `-`; unique in the flow. */
  readonly id: string
  /** Runtime values `{%name%}` of the following flow steps, by name. */
  readonly capture?: Readonly<Record<string, Capture>>
  /** Sends the request again until its answer meets a condition. */
  readonly repeat?: Repeat
  /** Reads a list page by page. */
  readonly paginate?: FlowPagination
  /** JSONPath, or XPath of an XML answer, to the list of records, page by page (default: `items` of `paginate`). */
  readonly records?: string
  /** The id of an earlier flow step with records: this one runs once for each of them, as they come. */
  readonly each?: string
  /** Requests at the same time, with `each` (default 4). */
  readonly concurrency?: number
  /** How the answer is read (default: by its content type). */
  readonly response?: ResponseReading['format'] | ResponseReading
  /** Where the records, or the answer, are written. */
  readonly output?: StepOutput
  /** What the answer must be like (default: a status below 400). */
  readonly expect?: Condition
}

/** What was sent for a flow step, and what came back. */
export interface StepAnswered {
  /** The sealed request, as it was sent. */
  readonly prepared: PreparedRequest
  /** The answer, read whole. */
  readonly response: ResponseSnapshot
  /** From sending to the whole answer. */
  readonly milliseconds: number
}

/** What the answers of a flow step must be like. */
export type FlowConditions = Pick<FlowStep, 'expect' | 'repeat'>

/** Requests that run one after the other, each prepared anew; later ones may use what earlier ones captured. */
export interface Flow {
  /** How people tell it from others; stands before messages. */
  readonly name?: string
  /** They run in this order. */
  readonly steps: readonly FlowStep[]
}
