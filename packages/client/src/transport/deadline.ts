import type { EzError } from '@ez/core'
import { aborted } from '../base/error.ts'
import type { Deadlines, Due } from './deadlines.ts'

/** Ends an attempt when its time is over or its send is aborted; to be closed in every case. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #limitMs: number
  readonly #late: () => EzError
  readonly #abort = (): void => this.#controller.abort(aborted(this.#outer as AbortSignal))
  readonly #deadlines: Deadlines
  #due: Due | undefined

  constructor(deadlines: Deadlines, outer: AbortSignal | undefined, limitMs: number, late: () => EzError) {
    this.#deadlines = deadlines
    this.#outer = outer
    this.#limitMs = limitMs
    this.#late = late
    outer?.addEventListener('abort', this.#abort, { once: true })
    if (outer?.aborted) this.#abort()
    else this.restart()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Gives the whole time anew. */
  restart(): void {
    this.pause()
    this.#due = this.#deadlines.add(this.#limitMs, () => this.#controller.abort(this.#late()))
  }

  /** Stops the clock, while nobody waits for the server. */
  pause(): void {
    this.#deadlines.remove(this.#due)
    this.#due = undefined
  }

  close(): void {
    this.pause()
    this.#outer?.removeEventListener('abort', this.#abort)
  }

  /** The error to throw for one that came up: the deadline's own when it was the reason. */
  reasonFor(error: unknown, otherwise: (error: unknown) => EzError): EzError {
    return this.signal.aborted ? (this.signal.reason as EzError) : otherwise(error)
  }

  /** Waits, but not past the deadline, even for something that ignores signals; `dropped` gets a late result. */
  race<Result>(pending: Promise<Result>, dropped?: (result: Result) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      const { signal } = this
      const abort = (): void => {
        reject(signal.reason)
        pending.then(dropped, () => undefined)
      }
      if (signal.aborted) {
        abort()
        return
      }
      signal.addEventListener('abort', abort, { once: true })
      pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    })
  }
}
