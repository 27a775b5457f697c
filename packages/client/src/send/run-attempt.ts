import {
  type Diagnosis,
  diagnose,
  EzError,
  type PreparedRequest,
  type ResponseSnapshot,
  type StepDiagnosis,
} from '@ez/core'
import { unlessAborted } from '../base/abort.ts'
import { aborted, placeOf } from '../base/error.ts'
import type { Attempt } from '../contract/attempts.ts'
import type { ClientStep } from '../contract/client-step.ts'
import { enter, type Place } from '../limits/limiter.ts'
import { isRedirect, nextHop } from '../request/redirect.ts'
import { grantedRate, throttlingDiagnosis } from '../retry/throttling.ts'
import { exchange } from '../transport/exchange.ts'
import { discard } from '../transport/response.ts'
import type { Outcome } from './outcome.ts'
import { attemptContext, expectedHost, type PreparedAttempt, prepareAttempt } from './prepare-attempt.ts'
import type { Send } from './send-context.ts'

/** An attempt on its way through redirects. */
interface Leg extends PreparedAttempt, Pick<Outcome, 'forgettingTime' | 'first' | 'processed' | 'elsewhere'> {
  readonly steps: readonly ClientStep[]
}

const mostHops = 10

/** Waits for its turn, prepares a request anew, sends it, and says what came of it. */
export async function runAttempt(send: Send): Promise<Outcome> {
  const { shared, signal, template } = send
  if (signal?.aborted) throw aborted(signal)
  const context = attemptContext(send)
  const host = await expectedHost(send, context)
  const place = await enter(
    shared.limiters,
    {
      host,
      name: template.name,
      method: template.method,
      variables: { ...context.variables, ...context.data },
    },
    send.lane,
    signal,
  )
  try {
    const forgettingTime = shared.forgetting.now()
    const attempt = await prepareAttempt(send, context, host)
    const { steps } = send
    const first = attempt.prepared
    return await follow(
      send,
      { ...attempt, forgettingTime, first, steps, processed: false, elsewhere: false },
      place,
    )
  } finally {
    place.release()
  }
}

async function follow(send: Send, start: Leg, place: Place): Promise<Outcome> {
  let leg = start
  for (let hop = 0; ; hop += 1) {
    const outcome = await sendOnce(send, leg, place)
    const { response } = outcome
    if (!response || send.redirect === 'manual' || !isRedirect(response)) return outcome
    const { prepared, first, context } = leg
    if (send.redirect === 'error') {
      discard(response)
      throw redirected(prepared, 'it answered with a redirect, and redirect is "error"')
    }
    const next = await nextHop(prepared, response, leg.steps, context)
    if (!next) return outcome
    discard(response)
    if (hop === mostHops) throw redirected(prepared, `it redirected more than ${mostHops} times`)
    const elsewhere = leg.elsewhere || new URL(next.url).origin !== new URL(prepared.url).origin
    leg = {
      ...leg,
      prepared: next,
      // Whoever has left the origin never signs again, whatever host comes next.
      steps: elsewhere ? [] : leg.steps,
      processed: next.method !== first.method,
      elsewhere,
    }
  }
}

async function sendOnce(send: Send, leg: Leg, place: Place): Promise<Outcome> {
  const { hooks, telemetry } = send.shared
  const { prepared, context: _, ...facts } = leg
  const number = send.attempts.length + 1
  const { delayMs } = send
  send.delayMs = 0
  let found: Pick<Outcome, 'response' | 'snapshot' | 'diagnosedBy'> = {}
  const run = async (): Promise<Attempt> => {
    try {
      const { response, snapshot } = await exchange(prepared, send)
      const diagnosed = diagnosisOf(send, leg, snapshot)
      found = { response, snapshot, ...(diagnosed?.step ? { diagnosedBy: diagnosed.step } : {}) }
      if (!leg.elsewhere)
        place.told({ perSecond: grantedRate(snapshot.headers), pauseMs: pauseOf(send, diagnosed?.diagnosis) })
      return {
        prepared,
        status: snapshot.status,
        delayMs,
        ...(diagnosed ? { diagnosis: diagnosed.diagnosis } : {}),
      }
    } catch (error) {
      if (!EzError.isInstance(error)) throw error
      const { status } = error.details
      return { prepared, error, delayMs, ...(typeof status === 'number' ? { status } : {}) }
    }
  }
  await unlessAborted(hooks.beforeAttempt?.(prepared, number), send.signal)
  const attempt = Object.freeze(await (telemetry ? telemetry.attempt(prepared, number, run) : run()))
  send.attempts.push(attempt)
  try {
    await unlessAborted(hooks.afterAttempt?.(attempt, number), send.signal)
  } catch (error) {
    if (found.response) discard(found.response)
    throw error
  }
  return { ...facts, attempt, ...found }
}

function pauseOf(send: Send, diagnosis: Diagnosis | undefined): number | undefined {
  const pauseMs = diagnosis?.cause === 'throttled' ? diagnosis.retryAfterMs : undefined
  // What nobody would wait for does not hold up the others either: they get the server's own answer.
  return pauseMs !== undefined && pauseMs <= send.policy.maxRetryAfterMs ? pauseMs : undefined
}

function diagnosisOf(
  send: Send,
  { prepared, steps, offsetMs }: Leg,
  snapshot: ResponseSnapshot,
): { readonly step?: StepDiagnosis['step']; readonly diagnosis: Diagnosis } | undefined {
  // A redirect that leads nowhere is a refusal too: S3 tells the region of a bucket with a 301.
  if (snapshot.status < 300) return undefined
  const asked = diagnose(snapshot, prepared, steps)
  if (asked && asked.diagnosis.cause !== 'throttled') return asked
  const known = throttlingDiagnosis(snapshot, send.clock().getTime() + offsetMs)
  // The step knows what was meant, the headers how long it lasts.
  if (asked) return { step: asked.step, diagnosis: { ...waitOf(known), ...asked.diagnosis } }
  return known ? { diagnosis: known } : undefined
}

function waitOf(diagnosis: Diagnosis | undefined): Pick<Diagnosis, 'retryAfterMs'> {
  return diagnosis?.retryAfterMs === undefined ? {} : { retryAfterMs: diagnosis.retryAfterMs }
}

function redirected(prepared: PreparedRequest, problem: string): EzError {
  return new EzError(
    'EZ_REDIRECTED',
    `${placeOf(prepared)}: ${problem}. Call the final address, or set redirect.`,
    { trace: prepared.trace },
  )
}
