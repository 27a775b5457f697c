import { Mask } from './mask.ts'
import type { ResolvedRequest } from './request.ts'
import { sensitiveValues, showRequest } from './show.ts'
import type { TraceStep } from './trace.ts'

type Value = string | ((mask: Mask) => string)

/** Collects what each step did; turned into masked text only when somebody reads it. */
export class Recorder {
  /** Secrets met so far. */
  readonly masked: Set<string> = new Set()
  readonly #entries: { step: string; id: string; value: Value }[] = []
  readonly #log: ((entry: TraceStep) => void) | undefined
  #steps: { entries: number; secrets: number; steps: readonly TraceStep[] } | undefined

  #sealed: ResolvedRequest | undefined
  readonly #configured: () => readonly string[]

  /** `configured` gives secrets that are known beforehand; asked for when something is shown. */
  constructor(log: ((entry: TraceStep) => void) | undefined, configured: () => readonly string[]) {
    this.#log = log
    this.#configured = configured
  }

  /** Whether entries are told live. */
  get live(): boolean {
    return this.#log !== undefined
  }

  /** Adds a line; a function is called when the trace is read, with the mask of all secrets. */
  add(step: string, id: string, value: Value): void {
    this.#entries.push({ step, id, value })
    this.tell(step, id, value)
  }

  /** Tells a line live, outside the trace: durations, which differ from run to run. */
  tell(step: string, id: string, value: Value): void {
    this.#log?.({ step, id, value: this.#render(value, this.mask()) })
  }

  /** Adds the request that is sent; what is masked in it by its name alone is known from then on. */
  seal(request: ResolvedRequest): void {
    this.#sealed = request
    this.add('seal', 'request', (mask) => showRequest(request, mask))
  }

  /** A mask of the secrets known so far. */
  mask(): Mask {
    return new Mask([
      ...this.#configured(),
      ...this.masked,
      ...(this.#sealed ? sensitiveValues(this.#sealed) : []),
    ])
  }

  /** The trace so far. */
  steps(): readonly TraceStep[] {
    const known = this.#steps
    if (known?.entries === this.#entries.length && known.secrets === this.masked.size) return known.steps
    const mask = this.mask()
    const steps = Object.freeze(
      this.#entries.map(({ step, id, value }) =>
        Object.freeze({ step, id, value: this.#render(value, mask) }),
      ),
    )
    this.#steps = { entries: this.#entries.length, secrets: this.masked.size, steps }
    return steps
  }

  #render(value: Value, mask: Mask): string {
    return typeof value === 'string' ? mask.apply(value) : value(mask)
  }
}
