import type { Timers } from '../base/timers.ts'
import type { RateLimit } from '../contract/rate-limit.ts'
import { FairQueue } from './fair-queue.ts'
import { TokenBucket } from './token-bucket.ts'

/** What an answer says about the limit of its server. */
export interface ServerFacts {
  /** Requests per second that the server grants. */
  readonly perSecond?: number | undefined
  /** Milliseconds in which nothing is to be sent. */
  readonly pauseMs?: number | undefined
}

/** A request that waits, at every gate that it must pass. */
export interface Waiter {
  readonly lane: string
  readonly gates: readonly Gate[]
  readonly start: () => void
}

/** One key of one limit: how many are inside, and who waits. */
export class Gate {
  readonly #queue: FairQueue<Waiter> = new FairQueue()
  readonly #limit: RateLimit
  readonly #timers: Timers
  readonly #bucket: TokenBucket | undefined
  #active = 0
  #pausedUntil = 0
  #alarm: { readonly at: number; readonly controller: AbortController } | undefined

  constructor(limit: RateLimit, timers: Timers) {
    this.#limit = limit
    this.#timers = timers
    const { perSecond, burst } = limit
    this.#bucket =
      perSecond === undefined
        ? undefined
        : new TokenBucket(perSecond, burst ?? Math.max(1, Math.floor(perSecond)), timers.now())
  }

  add(waiter: Waiter): void {
    this.#queue.add(waiter.lane, waiter)
  }

  /** Lets go of one who waits no more. */
  drop(waiter: Waiter): void {
    this.#queue.remove(waiter.lane, waiter)
    if (this.#queue.empty) this.#silence()
  }

  /** Lets in whoever may come in now, at this gate and at all others of theirs. */
  pump(): void {
    for (;;) {
      const now = this.#timers.now()
      this.#arm(now)
      if (this.#queue.empty || this.#waitMs(now) > 0) return
      const waiter = this.#queue.take(({ gates }) => gates.every((gate) => gate.#waitMs(now) === 0))
      if (!waiter) return
      for (const gate of waiter.gates) {
        gate.drop(waiter)
        gate.#bucket?.take(now)
        gate.#active += 1
      }
      for (const gate of waiter.gates) gate.#arm(now)
      waiter.start()
    }
  }

  leave(): void {
    this.#active -= 1
    this.pump()
  }

  told({ perSecond, pauseMs }: ServerFacts): void {
    const now = this.#timers.now()
    if (perSecond !== undefined && (this.#limit.learn ?? this.#limit.key !== undefined))
      this.#bucket?.setRate(perSecond, now)
    if (pauseMs !== undefined) this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
    this.pump()
  }

  /** Whether nothing would be lost with it. */
  get idle(): boolean {
    const now = this.#timers.now()
    return (
      this.#active === 0 && this.#queue.empty && this.#pausedUntil <= now && (this.#bucket?.full(now) ?? true)
    )
  }

  // Infinite while all places are taken: whoever leaves opens the gate.
  #waitMs(now: number): number {
    if (this.#active >= (this.#limit.concurrency ?? Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY
    return Math.max(0, this.#pausedUntil - now, this.#bucket?.waitMs(now) ?? 0)
  }

  /** Sees to it that the gate opens in time for whoever waits. */
  #arm(now: number): void {
    const waitMs = this.#queue.empty ? 0 : this.#waitMs(now)
    const at = now + waitMs
    if (waitMs === 0 || !Number.isFinite(waitMs) || (this.#alarm && this.#alarm.at <= at)) return
    this.#silence()
    const controller = new AbortController()
    this.#alarm = { at, controller }
    const ring = (): void => {
      if (this.#alarm?.controller !== controller) return
      this.#alarm = undefined
      this.pump()
    }
    this.#timers.wait(waitMs, controller.signal).then(ring, ring)
  }

  // A timer that nobody waits for would keep the process alive.
  #silence(): void {
    const alarm = this.#alarm
    this.#alarm = undefined
    alarm?.controller.abort()
  }
}
