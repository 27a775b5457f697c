import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
import type { Attempt } from '../contract/attempt.ts'
import type { ClientStep } from '../contract/client-step.ts'
import type { AnsweredResponse } from '../response/answered-response.ts'
import type { PreparedAttempt } from './prepare-attempt.ts'

/** What came of an attempt, for the decision what to do next. */
export interface Outcome extends Pick<PreparedAttempt, 'host' | 'offsetMs'> {
  readonly attempt: Attempt
  readonly response?: AnsweredResponse
  readonly snapshot?: ResponseSnapshot
  /** The step that made the diagnosis. */
  readonly diagnosedBy?: ClientStep
  /** When it was prepared, in the time of `Forgetting`. */
  readonly forgettingTime: number
  /** What another attempt would send again: the request before any redirect. */
  readonly first: PreparedRequest
  /** Whether a redirect was answered to `first` that tells it was done: its method has become GET. */
  readonly processed: boolean
  /** Whether a redirect led to another origin: what that one says concerns neither our clock nor our tokens. */
  readonly elsewhere: boolean
}
