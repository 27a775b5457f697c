import { reveal, secretsIn } from '../base/secret.ts'
import type { TraceStep } from '../base/trace-step.ts'
import type { PrepareContext } from '../contract/context.ts'
import type { PreparedRequest } from '../contract/prepared.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import { Mask } from '../masking/mask.ts'
import { type Sensitive, sensitiveValues } from '../masking/sensitive-names.ts'
import { describeRequest } from './show.ts'

/** The secrets of a request that was prepared before. */
type SecretsOf = (prepared: PreparedRequest) => readonly string[]

type Value = string | ((mask: Mask) => string)

/** Collects what each step did; turned into masked text only when somebody reads it. */
export class Recorder {
  readonly #entries: { step: string; id: string; value: Value }[] = []
  readonly #context: PrepareContext
  readonly #secretsOf: SecretsOf
  /** Secrets met so far; made when there is one. */
  #secrets: Set<string> | undefined
  #steps: { entries: number; secrets: number; steps: readonly TraceStep[] } | undefined
  /** The request at each stage: what is masked in it by its name alone is known from then on. */
  readonly #requests: Sensitive[] = []

  /** `secretsOf` gives what is secret in a request that was prepared before, such as one that led to this one. */
  constructor(context: PrepareContext, secretsOf: SecretsOf) {
    this.#context = context
    this.#secretsOf = secretsOf
  }

  /** Whether somebody reads the trace as it happens. */
  get isLive(): boolean {
    return this.#context.log !== undefined
  }

  /** Adds a line; a function is called when the trace is read, with the mask of all secrets. */
  add(step: string, id: string, value: Value): void {
    this.#entries.push({ step, id, value })
    this.log(step, id, value)
  }

  /** Logs a line live, outside the trace: durations, which differ from run to run. */
  log(step: string, id: string, value: Value): void {
    this.#context.log?.({ step, id, value: this.#render(value, this.mask()) })
  }

  /** Masks a text from now on. */
  conceal(text: string): void {
    this.#secrets ??= new Set()
    this.#secrets.add(text)
  }

  /** Masks from now on what a request holds under names such as `authorization`. */
  concealRequest(request: Sensitive): void {
    this.#requests.push(request)
  }

  /** Adds the request at a stage. */
  addRequest(step: string, request: ResolvedRequest): void {
    this.concealRequest(request)
    this.add(step, 'request', (mask) => describeRequest(request, mask))
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
      ...(secretsOf ? this.#secretsOf(secretsOf) : []),
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
