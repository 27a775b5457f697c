import { aborted } from '../base/error.ts'
import type { Timers } from '../base/timers.ts'
import type { LimitSubject, RateLimit } from '../contract/rate-limit.ts'
import { Gate, type ServerFacts, type Waiter } from './gate.ts'

/** A place that a request holds; `told` is what the server said about it. */
export interface Place {
  release(): void
  told(facts: ServerFacts): void
}

/** One limit, with a gate for each key. */
export class Limiter {
  readonly #limit: RateLimit
  readonly #timers: Timers
  readonly #gates = new Map<string, Gate>()

  constructor(limit: RateLimit, timers: Timers) {
    this.#limit = limit
    this.#timers = timers
  }

  /** The gate that a request must pass; `undefined` when it has no limit. */
  gateOf(subject: LimitSubject): Gate | undefined {
    const key = this.#limit.key ? this.#limit.key(subject) : (subject.host ?? '')
    if (key === undefined) return undefined
    const known = this.#gates.get(key)
    if (known) return known
    if (this.#gates.size >= 1000)
      for (const [name, gate] of this.#gates) if (gate.idle) this.#gates.delete(name)
    const gate = new Gate(this.#limit, this.#timers)
    this.#gates.set(key, gate)
    return gate
  }
}

/**
 * Waits until every limit has a place at the same time, and takes them all at once: who waits for one limit holds no
 * place of another, and starts when it takes its token, not later.
 *
 * @throws EZ_ABORTED when the signal aborts meanwhile
 */
export async function enter(
  limiters: readonly Limiter[],
  subject: LimitSubject,
  lane: string,
  signal: AbortSignal | undefined,
): Promise<Place> {
  const gates = limiters.map((limiter) => limiter.gateOf(subject)).filter((gate) => gate !== undefined)
  if (gates.length > 0) await admitted(gates, lane, signal)
  let held = true
  return {
    release: () => {
      if (!held) return
      held = false
      for (const gate of gates) gate.leave()
    },
    told: (facts) => {
      for (const gate of gates) gate.told(facts)
    },
  }
}

function admitted(gates: readonly Gate[], lane: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(aborted(signal))
      return
    }
    const abort = (): void => {
      for (const gate of gates) gate.drop(waiter)
      reject(aborted(signal as AbortSignal))
    }
    const waiter: Waiter = {
      lane,
      gates,
      start: () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      },
    }
    signal?.addEventListener('abort', abort, { once: true })
    for (const gate of gates) gate.add(waiter)
    for (const gate of gates) gate.pump()
  })
}
