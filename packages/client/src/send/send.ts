import { EzError, retryAfterMs } from '@ez/core'
import pRetry from 'p-retry'
import { unlessAborted } from '../base/abort.ts'
import { networkRepeat } from '../base/error.ts'
import { rememberAttempts } from '../contract/attempts.ts'
import { backoffMs, isTransient, mayRepeat } from '../retry/policy.ts'
import { discard } from '../transport/response.ts'
import { correct, keepAcceptedClock } from './correct.ts'
import type { Outcome } from './outcome.ts'
import { runAttempt } from './run-attempt.ts'
import type { Send } from './send-context.ts'
import { statusError } from './status-error.ts'

/** Carries an outcome through the retry loop: of an attempt, or of its preparation when that failed for now. */
class RetryWanted extends Error {
  readonly outcome: Outcome | EzError
  readonly serverDelayMs: number
  granted = false

  constructor(outcome: Outcome | EzError, serverDelayMs: number) {
    super('retry')
    this.outcome = outcome
    this.serverDelayMs = serverDelayMs
  }
}

/** Sends until there is an answer, or no reason to try again. */
export async function runSend(send: Send): Promise<Response> {
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

async function settled(send: Send): Promise<Response> {
  const { policy } = send
  try {
    // Every attempt is a new request, so that p-retry only counts; waiting is ours, since servers say how long.
    return await pRetry(
      async () => {
        const outcome = await corrected(send).catch(passing)
        const serverDelayMs = retryDelay(outcome, send)
        if (serverDelayMs !== undefined) throw new RetryWanted(outcome, serverDelayMs)
        return finish(outcome, send)
      },
      {
        retries: policy.limit,
        minTimeout: 0,
        onFailedAttempt: async ({ error, retriesLeft, retriesConsumed }) => {
          if (error instanceof RetryWanted && retriesLeft > 0) await waitFor(error, retriesConsumed + 1, send)
        },
        shouldRetry: ({ error }) => error instanceof RetryWanted && error.granted,
      },
    )
  } catch (error) {
    if (error instanceof RetryWanted) return finish(error.outcome, send)
    throw error
  }
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
    if (!correct(outcome, send)) return outcome
    if (outcome.response) discard(outcome.response)
  }
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

async function waitFor(wanted: RetryWanted, retry: number, send: Send): Promise<void> {
  const { shared, policy } = send
  const { outcome } = wanted
  const sent = EzError.isInstance(outcome) ? undefined : outcome
  if (sent && policy.budget && !shared.budget.spend(sent.host)) return
  const delayMs = Math.max(wanted.serverDelayMs, backoffMs(retry, policy, shared.random))
  // From here on its answer is not wanted any more.
  if (sent?.response) discard(sent.response)
  if (sent) await unlessAborted(shared.hooks.beforeRetry?.(sent.attempt, delayMs), send.signal)
  await shared.timers.wait(delayMs, send.signal)
  send.delayMs = delayMs
  wanted.granted = true
}

function finish(outcome: Outcome | EzError, send: Send): Response {
  if (EzError.isInstance(outcome)) throw outcome
  const { attempt, response, snapshot } = outcome
  if (attempt.error) throw attempt.error
  if (!response || !snapshot) throw new EzError('EZ_SEND_FAILED', 'The attempt gave no answer.')
  if (send.throwOnError && snapshot.status >= 400) {
    discard(response)
    throw statusError(attempt, snapshot)
  }
  rememberAttempts(response, send.attempts)
  return response
}
