import { aborted } from './error.ts'
import { FairQueue } from './fair-queue.ts'
import type { Timers } from './timers.ts'
import { TokenBucket } from './token-bucket.ts'

/** What a limit looks at to tell one key from another. */
export interface LimitSubject {
  /** Host and port, when they are known before the scripts ran. */
  readonly host: string | undefined
  /** Name of the template, when it has one. */
  readonly name: string | undefined
  readonly method: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** How many requests may be under way, or start in a second, for each key. */
export interface RateLimit {
  /** What shares the limit: an account, a seller and operation, … (default: the host). `undefined`: no limit. */
  readonly key?: (subject: LimitSubject) => string | undefined
  /** Requests under way at once; the body counts up to `bufferBytes`. */
  readonly concurrency?: number
  /** Requests that may start in a second, on average. */
  readonly perSecond?: number
  /** Requests that may start at once after a pause (default: `perSecond`, at least 1). */
  readonly burst?: number
  /** Follow the rate that the server names in `x-amzn-RateLimit-Limit` (default `true`). */
  readonly learn?: boolean
}

/** A place that a request holds; `told` is what the server said about it. */
export interface Place {
  release(): void
  told(facts: { readonly perSecond?: number | undefined; readonly pauseMs?: number | undefined }): void
}

interface Waiter {
  readonly start: () => void
}

class Gate {
  readonly queue: FairQueue<Waiter> = new FairQueue()
  readonly #limit: RateLimit
  readonly #timers: Timers
  readonly bucket: TokenBucket | undefined
  active = 0
  pausedUntil = 0
  #waking = false

  constructor(limit: RateLimit, timers: Timers) {
    this.#limit = limit
    this.#timers = timers
    const { perSecond, burst } = limit
    this.bucket =
      perSecond === undefined
        ? undefined
        : new TokenBucket(perSecond, burst ?? Math.max(1, Math.floor(perSecond)), timers.now())
  }

  /** Lets in whoever may come in now. */
  pump(): void {
    while (!this.queue.empty && this.active < (this.#limit.concurrency ?? Number.POSITIVE_INFINITY)) {
      const now = this.#timers.now()
      const waitMs = Math.max(this.pausedUntil - now, this.bucket?.waitMs(now) ?? 0)
      if (waitMs > 0) {
        this.#wake(waitMs)
        return
      }
      this.bucket?.take(now)
      this.active += 1
      this.queue.take()?.start()
    }
  }

  idle(now: number): boolean {
    return (
      this.active === 0 && this.queue.empty && this.pausedUntil <= now && (this.bucket?.full(now) ?? true)
    )
  }

  #wake(waitMs: number): void {
    if (this.#waking) return
    this.#waking = true
    const woken = (): void => {
      this.#waking = false
      this.pump()
    }
    this.#timers.wait(waitMs).then(woken, woken)
  }
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

  /**
   * Waits for a place.
   *
   * @throws EZ_ABORTED when the signal aborts meanwhile
   */
  async enter(
    subject: LimitSubject,
    lane: string,
    signal: AbortSignal | undefined,
  ): Promise<Place | undefined> {
    const key = this.#limit.key ? this.#limit.key(subject) : (subject.host ?? '')
    if (key === undefined) return undefined
    const gate = this.#gateOf(key)
    await admitted(gate, lane, signal)
    let held = true
    return {
      release: () => {
        if (!held) return
        held = false
        gate.active -= 1
        gate.pump()
      },
      told: ({ perSecond, pauseMs }) => {
        const now = this.#timers.now()
        if (perSecond !== undefined && this.#limit.learn !== false) gate.bucket?.setRate(perSecond, now)
        if (pauseMs !== undefined) gate.pausedUntil = Math.max(gate.pausedUntil, now + pauseMs)
      },
    }
  }

  #gateOf(key: string): Gate {
    const known = this.#gates.get(key)
    if (known) return known
    if (this.#gates.size >= 1000) {
      const now = this.#timers.now()
      for (const [name, gate] of this.#gates) if (gate.idle(now)) this.#gates.delete(name)
    }
    const gate = new Gate(this.#limit, this.#timers)
    this.#gates.set(key, gate)
    return gate
  }
}

function admitted(gate: Gate, lane: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(aborted(signal))
      return
    }
    const abort = (): void => {
      gate.queue.remove(lane, waiter)
      reject(aborted(signal as AbortSignal))
    }
    const waiter: Waiter = {
      start: () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      },
    }
    signal?.addEventListener('abort', abort, { once: true })
    gate.queue.add(lane, waiter)
    gate.pump()
  })
}

/** Waits for a place at every limit, in their order, so that no two sends wait for each other. */
export async function enterAll(
  limiters: readonly Limiter[],
  subject: LimitSubject,
  lane: string,
  signal: AbortSignal | undefined,
): Promise<Place> {
  const places: Place[] = []
  try {
    for (const limiter of limiters) {
      const place = await limiter.enter(subject, lane, signal)
      if (place) places.push(place)
    }
  } catch (error) {
    for (const place of places) place.release()
    throw error
  }
  return {
    release: () => {
      for (const place of places) place.release()
    },
    told: (facts) => {
      for (const place of places) place.told(facts)
    },
  }
}
