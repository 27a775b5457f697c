import type { ClientStep } from '../contract/client-step.ts'

/**
 * Which tokens were dropped since when.
 *
 * Many sends can be refused for one expired token. Only the first may drop it: the others would drop the
 * new one, and a rotating refresh token would be spent for nothing.
 */
export class Forgetting {
  readonly #times: WeakMap<object, number> = new WeakMap()
  #time = 0

  /** A point in time, to be taken before a request is prepared. */
  now(): number {
    return this.#time
  }

  /** Drops what the steps cached, unless another send did so since; whether a new token can be had. */
  forget(steps: readonly ClientStep[], preparedAt: number): boolean {
    let any = false
    for (const step of steps) {
      if (!('run' in step) || !step.forget) continue
      any = true
      if ((this.#times.get(step) ?? 0) > preparedAt) continue
      this.#time += 1
      this.#times.set(step, this.#time)
      step.forget()
    }
    return any
  }
}
