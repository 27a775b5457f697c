import { reveal, secretsIn } from '../base/secret.ts'
import type { TraceStep } from '../base/trace-step.ts'
import type { PrepareContext } from '../contract/context.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import { Mask } from '../masking/mask.ts'
import { SealedRequest } from '../seal/sealed-request.ts'
import { type Sensitive, sensitiveValues, showRequest } from './show.ts'

type Value = string | ((mask: Mask) => string)

/** Collects what each step did; turned into masked text only when somebody reads it. */
export class Recorder {
  readonly #entries: { step: string; id: string; value: Value }[] = []
  readonly #context: PrepareContext
  /** Secrets met so far; made when there is one. */
  #secrets: Set<string> | undefined
  #steps: { entries: number; secrets: number; steps: readonly TraceStep[] } | undefined
  /** The request at each stage: what is masked in it by its name alone is known from then on. */
  readonly #requests: Sensitive[] = []

  constructor(context: PrepareContext) {
    this.#context = context
  }

  /** Whether entries are told live. */
  get live(): boolean {
    return this.#context.log !== undefined
  }

  /** Adds a line; a function is called when the trace is read, with the mask of all secrets. */
  add(step: string, id: string, value: Value): void {
    this.#entries.push({ step, id, value })
    this.tell(step, id, value)
  }

  /** Tells a line live, outside the trace: durations, which differ from run to run. */
  tell(step: string, id: string, value: Value): void {
    this.#context.log?.({ step, id, value: this.#render(value, this.mask()) })
  }

  /** Masks a text from now on. */
  conceal(text: string): void {
    this.#secrets ??= new Set()
    this.#secrets.add(text)
  }

  /** Masks from now on what a request holds under names such as `authorization`. */
  see(request: Sensitive): void {
    this.#requests.push(request)
  }

  /** Adds the request at a stage. */
  addRequest(step: string, request: ResolvedRequest): void {
    this.see(request)
    this.add(step, 'request', (mask) => showRequest(request, mask))
  }

  /** A mask of the secrets known so far. */
  mask(): Mask {
    return new Mask(this.secrets())
  }

  /** The secrets known so far, those in the context that no step has asked for, and those of an earlier request. */
  secrets(): string[] {
    const { variables, data, secretsOf } = this.#context
    return [
      ...secretsIn([variables, data]).map(reveal),
      ...(this.#secrets ?? []),
      ...this.#requests.flatMap(sensitiveValues),
      ...(secretsOf ? SealedRequest.secretsOf(secretsOf) : []),
    ]
  }

  /** The trace so far. */
  steps(): readonly TraceStep[] {
    const known = this.#steps
    const secrets = (this.#secrets?.size ?? 0) + this.#requests.length
    if (known?.entries === this.#entries.length && known.secrets === secrets) return known.steps
    const mask = this.mask()
    const steps = Object.freeze(
      this.#entries.map(({ step, id, value }) =>
        Object.freeze({ step, id, value: this.#render(value, mask) }),
      ),
    )
    this.#steps = { entries: this.#entries.length, secrets, steps }
    return steps
  }

  #render(value: Value, mask: Mask): string {
    return typeof value === 'string' ? mask.apply(value) : value(mask)
  }
}
