import type { Attempt } from '../attempt/attempt.ts'
import type { SignContext } from '../contract/step.ts'

/** What a signer may know of an attempt, and nothing more: what is printed of it holds no secret. */
export class AttemptSignContext implements SignContext {
  readonly #attempt: Attempt

  constructor(attempt: Attempt) {
    this.#attempt = attempt
    Object.freeze(this)
  }

  now(): Date {
    return this.#attempt.clock.now()
  }

  nonce(): string {
    return this.#attempt.clock.nonce()
  }

  get variables(): Readonly<Record<string, unknown>> {
    return this.#attempt.scriptValues.variables
  }

  get signal(): AbortSignal {
    return this.#attempt.stepSignal
  }
}
