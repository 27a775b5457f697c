import type { Timers } from '../../src/index.ts'

/** Timers whose time passes only by waiting, and at once. */
export class FakeTimers implements Timers {
  readonly waits: number[] = []
  #now = 0

  now(): number {
    return this.#now
  }

  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.waits.push(milliseconds)
    const until = this.#now + milliseconds
    await new Promise((resolve) => setImmediate(resolve))
    this.#now = Math.max(this.#now, until)
  }
}
