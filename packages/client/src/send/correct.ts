import { dateOffset, suspiciousOffset } from '../correction/clock-skew.ts'
import { isTransient, mayRepeat } from '../retry/policy.ts'
import type { Outcome } from './outcome.ts'
import type { Send } from './send-context.ts'

/**
 * Whether a refusal is put right by preparing the request once more: by the server's clock, or with a new token.
 *
 * Each is tried once a send, for any method: a server that refuses who asks has done nothing. Unless a redirect
 * came before the refusal: then the first server has, and another origin knows neither our clock nor our tokens.
 */
export function correct(outcome: Outcome, send: Send): boolean {
  const { snapshot, attempt, first, processed, elsewhere } = outcome
  if (!send.corrects || elsewhere || !snapshot || snapshot.status < 400) return false
  if (processed && !mayRepeat(first, send.policy.repeat, false)) return false
  const cause = attempt.diagnosis?.cause
  if (cause === 'throttled') return false
  return correctClock(outcome, send) || correctToken(outcome, send)
}

function correctClock(outcome: Outcome, send: Send): boolean {
  const { snapshot, attempt, offsetMs } = outcome
  if (!snapshot || send.corrected.has('clock-skew')) return false
  const { diagnosis } = attempt
  // By the clock that the request was signed by, so that an offset which is out of date shows too.
  const signedNow = send.clock().getTime() + offsetMs
  const further =
    diagnosis?.cause === 'clock-skew'
      ? (diagnosis.clockOffsetMs ?? dateOffset(snapshot, signedNow))
      : diagnosis?.cause === 'token-expired' || !send.steps.some((step) => 'sign' in step)
        ? undefined
        : suspiciousOffset(snapshot, signedNow)
  if (further === undefined) return false
  // A clock that agrees with the Date and is refused all the same: the Date was wrong, and with it what was kept.
  const dateIsWrong = offsetMs !== 0 && Math.abs(further) < 1000
  const wanted = dateIsWrong ? 0 : offsetMs + further
  // Nobody's clock is that wrong: the refusal is the answer.
  if (Math.abs(wanted) > send.maxClockOffsetMs) return false
  send.corrected.add('clock-skew')
  send.offsetMs = wanted
  return true
}

function correctToken(outcome: Outcome, send: Send): boolean {
  const { snapshot, attempt, diagnosedBy, forgettingTime } = outcome
  if (send.corrected.has('token-expired')) return false
  const { diagnosis } = attempt
  // A signer cannot tell a refused token from a refused signature; only who fetched the token can.
  const unclear = diagnosis === undefined || (diagnosedBy !== undefined && 'sign' in diagnosedBy)
  const expired = diagnosis?.cause === 'token-expired' || (snapshot?.status === 401 && unclear)
  if (!expired) return false
  const steps = diagnosedBy && 'run' in diagnosedBy && diagnosedBy.forget ? [diagnosedBy] : send.steps
  if (!send.shared.forgetting.forget(steps, forgettingTime)) return false
  send.corrected.add('token-expired')
  return true
}

/** Keeps the offset of a corrected clock for the host, once the host has accepted it. */
export function keepAcceptedClock({ host, snapshot, attempt, elsewhere }: Outcome, send: Send): void {
  if (send.offsetMs === undefined || elsewhere || !snapshot || attempt.diagnosis !== undefined) return
  const { status } = snapshot
  // A server that is overloaded has not looked at the signature.
  if (status === 401 || status === 403 || isTransient(status)) return
  send.shared.skew.keep(host, send.offsetMs)
}
