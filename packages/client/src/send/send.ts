import { EzError, retryAfterMs } from '@ez/core'
import pRetry from 'p-retry'
import { unlessAborted } from '../base/abort.ts'
import { networkRepeat } from '../base/error.ts'
import { AnsweredResponse } from '../response/answered-response.ts'
import { rememberAttempts } from '../response/attempts-of.ts'
import { backoffMs, isTransient, mayRepeat } from '../retry/policy.ts'

import { correct, keepAcceptedClock } from './correct.ts'
import type { Outcome } from './outcome.ts'
import { runAttempt } from './run-attempt.ts'
import type { Send } from './send-context.ts'
import { statusError } from './status-error.ts'

/** Carries an outcome through the retry loop: of an attempt, or of its preparation when that failed for now. */
class RetryWanted extends Error {
  readonly outcome: Outcome | EzError
  readonly serverDelayMs: number

  constructor(outcome: Outcome | EzError, serverDelayMs: number) {
    super('retry')
    this.outcome = outcome
    this.serverDelayMs = serverDelayMs
  }
}

/** Sends until there is an answer, or no reason to try again. */
export async function runSend(send: Send): Promise<AnsweredResponse> {
  try {
    return await settled(send)
  } catch (error) {
    const coded = EzError.isInstance(error)
      ? error
      : new EzError(
          'EZ_SEND_FAILED',
          `The send failed: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        )
    rememberAttempts(coded, send.attempts)
    throw coded
  }
}

async function settled(send: Send): Promise<AnsweredResponse> {
  const first = await tryOnce(send)
  if (!(first instanceof RetryWanted)) return first
  const { policy } = send
  if (policy.limit === 0 || !(await granted(first, 1, send))) return finish(first.outcome, send)
  try {
    // Every attempt is a new request, so that p-retry only counts; waiting is ours, since servers say how long.
    return await pRetry(
      async () => {
        const result = await tryOnce(send)
        if (result instanceof RetryWanted) throw result
        return result
      },
      {
        retries: policy.limit - 1,
        minTimeout: 0,
        shouldRetry: ({ error, retriesConsumed }) =>
          error instanceof RetryWanted && granted(error, retriesConsumed + 2, send),
      },
    )
  } catch (error) {
    if (error instanceof RetryWanted) return finish(error.outcome, send)
    throw error
  }
}

/** One attempt: its answer, its error thrown, or the wish for another. */
async function tryOnce(send: Send): Promise<AnsweredResponse | RetryWanted> {
  const outcome = await corrected(send).catch(passing)
  const serverDelayMs = retryDelay(outcome, send)
  return serverDelayMs === undefined ? finish(outcome, send) : new RetryWanted(outcome, serverDelayMs)
}

/** A failure to prepare that its step calls transient, as a token endpoint that is overloaded; any other is thrown. */
function passing(error: unknown): EzError {
  if (EzError.isInstance(error) && error.details.transient === true) return error
  throw error
}

/** One attempt, and the ones that put right what it was refused for. */
async function corrected(send: Send): Promise<Outcome> {
  for (;;) {
    const outcome = await runAttempt(send)
    if (send.attempts.length === 1) send.shared.budget.earn(outcome.host)
    keepAcceptedClock(outcome, send)
    if (!(await challenged(outcome, send)) && !correct(outcome, send)) return outcome
    if (outcome.response) AnsweredResponse.discard(outcome.response)
  }
}

/** Whether a step learned from the answer, and asks for one more attempt; once a send. */
async function challenged({ snapshot, elsewhere, processed, first }: Outcome, send: Send): Promise<boolean> {
  if (!snapshot || elsewhere || send.corrected.has('challenge')) return false
  let wanted = false
  // Each is asked: each may have something to learn.
  for (const step of send.steps)
    if (step.challenge && (await unlessAborted(step.challenge(snapshot, first), send.signal))) wanted = true
  if (!wanted || (processed && !mayRepeat(first, send.policy.repeat, false))) return false
  send.corrected.add('challenge')
  return true
}

/** Milliseconds that the server asks for before a retry, else 0; `undefined` when the outcome is final. */
function retryDelay(outcome: Outcome | EzError, send: Send): number | undefined {
  const { policy } = send
  if (EzError.isInstance(outcome)) {
    // Nothing was sent, so any request may be prepared again.
    const { retryAfterMs: wait } = outcome.details
    const delayMs = typeof wait === 'number' ? wait : 0
    return delayMs > policy.maxRetryAfterMs ? undefined : delayMs
  }
  const { attempt, snapshot, first, processed } = outcome
  const { error, diagnosis } = attempt
  if (error) {
    const repeat =
      error.code === 'EZ_NETWORK'
        ? networkRepeat(error)
        : error.code === 'EZ_TIMEOUT' || error.code === 'EZ_RESPONSE_INCOMPLETE'
          ? 'repeatable'
          : 'never'
    return repeat !== 'never' && mayRepeat(first, policy.repeat, repeat === 'any' && !processed)
      ? 0
      : undefined
  }
  if (!snapshot) return undefined
  const throttled = diagnosis?.cause === 'throttled'
  // A step that says what is wrong with the request knows better than the status.
  if (!throttled && (diagnosis !== undefined || !isTransient(snapshot.status))) return undefined
  const unprocessed = (throttled || snapshot.status === 425) && !processed
  if (!mayRepeat(first, policy.repeat, unprocessed)) return undefined
  const delayMs = diagnosis?.retryAfterMs ?? retryAfterMs(snapshot.headers, send.clock().getTime()) ?? 0
  return delayMs > policy.maxRetryAfterMs ? undefined : delayMs
}

/** Waits for a retry, the first being 1; whether there is one. */
async function granted(wanted: RetryWanted, retry: number, send: Send): Promise<boolean> {
  const { shared, policy } = send
  const { outcome } = wanted
  const sent = EzError.isInstance(outcome) ? undefined : outcome
  if (sent && policy.budget && !shared.budget.spend(sent.host)) return false
  const delayMs = Math.max(wanted.serverDelayMs, backoffMs(retry, policy, shared.random))
  // From here on its answer is not wanted any more.
  if (sent?.response) AnsweredResponse.discard(sent.response)
  if (sent) await unlessAborted(shared.hooks.beforeRetry?.(sent.attempt, delayMs), send.signal)
  await shared.timers.wait(delayMs, send.signal)
  send.delayMs = delayMs
  return true
}

function finish(outcome: Outcome | EzError, send: Send): AnsweredResponse {
  if (EzError.isInstance(outcome)) throw outcome
  const { attempt, response, snapshot } = outcome
  if (attempt.error) throw attempt.error
  if (!response || !snapshot) throw new EzError('EZ_SEND_FAILED', 'The attempt gave no answer.')
  if (send.throwOnError && snapshot.status >= 400) {
    AnsweredResponse.discard(response)
    throw statusError(attempt, snapshot)
  }
  return AnsweredResponse.withAttempts(response, Object.freeze(send.attempts))
}
