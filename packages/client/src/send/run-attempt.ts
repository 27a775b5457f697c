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
import type { Attempt } from '../contract/attempt.ts'
import type { ClientStep } from '../contract/client-step.ts'
import { enter, type Place } from '../limits/limiter.ts'
import { isRedirect, nextHop } from '../request/redirect.ts'
import { AnsweredResponse } from '../response/answered-response.ts'
import { grantedRate, throttlingDiagnosis } from '../retry/throttling.ts'
import type { Transport } from '../transport/transport.ts'
import type { Outcome } from './outcome.ts'
import { attemptContext, expectedHost, type PreparedAttempt, prepareAttempt } from './prepare-attempt.ts'
import type { Send } from './send-context.ts'

/** An attempt on its way through redirects. */
interface Leg extends PreparedAttempt, Pick<Outcome, 'forgettingTime' | 'first' | 'processed' | 'elsewhere'> {
  readonly steps: readonly ClientStep[]
  readonly transport: Transport
  readonly redirected: boolean
}

const mostHops = 10

/** Where nothing is limited. */
const unlimited: Place = { release: () => undefined, told: () => undefined }

/** Waits for its turn, prepares a request anew, sends it, and says what came of it. */
export async function runAttempt(send: Send): Promise<Outcome> {
  const { shared, signal, template } = send
  if (signal?.aborted) throw aborted(signal)
  // Before anything is prepared: wishes for a connection may be such that nobody can fulfil them.
  const early = typeof send.connectTo === 'function' ? undefined : await transportFor(send, send.connectTo)
  const context = attemptContext(send)
  const host = await expectedHost(send, context)
  const place =
    shared.limiters.length === 0
      ? unlimited
      : await enter(
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
    const transport = early ?? (await transportFor(send, connectToOf(send, first.url, true)))
    return await follow(
      send,
      {
        ...attempt,
        forgettingTime,
        first,
        steps,
        transport,
        redirected: false,
        processed: false,
        elsewhere: false,
      },
      place,
    )
  } finally {
    place.release()
  }
}

function transportFor(send: Send, connectTo: string | undefined): Transport | Promise<Transport> {
  return send.shared.transports.choose(send.fetch, connectTo)
}

function connectToOf({ connectTo }: Send, url: string, own: boolean): string | undefined {
  return typeof connectTo === 'function' ? connectTo(url) : own ? connectTo : undefined
}

async function follow(send: Send, start: Leg, place: Place): Promise<Outcome> {
  let leg = start
  for (let hop = 0; ; hop += 1) {
    const outcome = await sendOnce(send, leg, place)
    const { response } = outcome
    if (!response || send.redirect === 'manual' || !isRedirect(response)) return outcome
    const { prepared, first, context } = leg
    if (send.redirect === 'error') {
      AnsweredResponse.discard(response)
      throw tooFar(prepared, 'it answered with a redirect, and redirect is "error"')
    }
    const next = await nextHop(prepared, response, leg.steps, context)
    if (!next) return outcome
    AnsweredResponse.discard(response)
    if (hop === mostHops) throw tooFar(prepared, `it redirected more than ${mostHops} times`)
    const elsewhere = leg.elsewhere || new URL(next.url).origin !== new URL(prepared.url).origin
    leg = {
      ...leg,
      prepared: next,
      // Whoever has left the origin never signs again, whatever host comes next.
      steps: elsewhere ? [] : leg.steps,
      // What connects elsewhere does so for its own origin only.
      transport: await transportFor(send, connectToOf(send, next.url, !elsewhere)),
      redirected: true,
      processed: next.method !== first.method,
      elsewhere,
    }
  }
}

async function sendOnce(send: Send, leg: Leg, place: Place): Promise<Outcome> {
  const { hooks, telemetry } = send.shared
  const { prepared, transport, redirected, context: _, ...facts } = leg
  const number = send.attempts.length + 1
  const { delayMs } = send
  send.delayMs = 0
  let found: Pick<Outcome, 'response' | 'snapshot' | 'diagnosedBy'> = {}
  const run = async (): Promise<Attempt> => {
    try {
      const { response, snapshot } = await transport.exchange(prepared, {
        timeoutMs: send.timeoutMs,
        bufferBytes: send.bufferBytes,
        maxResponseBytes: send.maxResponseBytes,
        signal: send.signal,
        deadlines: send.shared.deadlines,
        redirected,
      })
      const diagnosed = diagnosisOf(send, leg, snapshot)
      found = { response, snapshot, ...(diagnosed?.step ? { diagnosedBy: diagnosed.step } : {}) }
      if (!leg.elsewhere)
        place.told({ perSecond: rateOf(send, snapshot), pauseMs: pauseOf(send, diagnosed?.diagnosis) })
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
  if (hooks.beforeAttempt) await unlessAborted(hooks.beforeAttempt(prepared, number), send.signal)
  const attempt = Object.freeze(await (telemetry ? telemetry.attempt(prepared, number, run) : run()))
  send.attempts.push(attempt)
  try {
    if (hooks.afterAttempt) await unlessAborted(hooks.afterAttempt(attempt, number), send.signal)
  } catch (error) {
    if (found.response) AnsweredResponse.discard(found.response)
    throw error
  }
  return { ...facts, attempt, ...found }
}

function rateOf(send: Send, { headers }: ResponseSnapshot): number | undefined {
  const perSecond = grantedRate(headers)
  // As for a pause: a rate by which each send would wait for longer than anybody would is not kept.
  return perSecond !== undefined && 1000 / perSecond <= send.policy.maxRetryAfterMs ? perSecond : undefined
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

function tooFar(prepared: PreparedRequest, problem: string): EzError {
  return new EzError(
    'EZ_REDIRECTED',
    `${placeOf(prepared)}: ${problem}. Call the final address, or set redirect.`,
    { trace: prepared.trace },
  )
}
