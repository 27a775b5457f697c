import type { EzError } from '../base/error.ts'
import { quietly } from '../base/promises.ts'
import type { PrepareContext } from '../contract/context.ts'
import type { TimeOptions } from '../contract/template.ts'
import { RuntimeValues } from '../outputs/runtime-values.ts'
import { Variables } from '../resolve/variables.ts'
import type { BodySources } from '../template/body-draft.ts'
import type { SecretKeeper } from '../template/filters.ts'
import type { Recorder } from '../trace/recorder.ts'
import { isStream } from '../wire/body.ts'
import { Clock } from './clock.ts'
import { ScriptValues } from './script-values.ts'

const empty: Readonly<Record<string, unknown>> = /* @__PURE__ */ Object.freeze({})

/** One attempt: its clock, its values, what ends it early, and the trace. */
export class Attempt implements BodySources, SecretKeeper {
  readonly context: PrepareContext
  readonly recorder: Recorder
  readonly clock: Clock
  readonly runtimeValues: RuntimeValues
  readonly variables: Variables
  /** `undefined` when nobody can abort. */
  readonly signal: AbortSignal | undefined
  #scriptValues: ScriptValues | undefined
  #opened: ReadableStream | undefined
  #stepSignal: AbortSignal | undefined
  #late: AbortController | undefined

  constructor(
    context: PrepareContext,
    recorder: Recorder,
    time: TimeOptions | undefined,
    signal?: AbortSignal,
  ) {
    this.context = context
    this.recorder = recorder
    this.signal =
      context.signal && signal ? AbortSignal.any([context.signal, signal]) : (context.signal ?? signal)
    this.clock = new Clock(context)
    this.runtimeValues = new RuntimeValues(context.outputs ?? empty, this.clock, time, this)
    this.variables = new Variables(
      context.variables ?? empty,
      context.data ?? empty,
      this.runtimeValues,
      recorder,
    )
    if (context.outputs) this.conceal(context.outputs)
  }

  /** What scripts and signers read. */
  get scriptValues(): ScriptValues {
    this.#scriptValues ??= new ScriptValues(this.variables, this.runtimeValues)
    return this.#scriptValues
  }

  /** Masks a text, or every secret in a value, from now on. */
  conceal(value: unknown): void {
    this.variables.conceal(value)
  }

  /** What steps get: aborts with the caller's, and when one of them took too long. */
  get stepSignal(): AbortSignal {
    this.#late ??= new AbortController()
    this.#stepSignal ??= this.signal ? AbortSignal.any([this.signal, this.#late.signal]) : this.#late.signal
    return this.#stepSignal
  }

  /** Ends what steps still wait for. */
  abortSteps(reason: EzError): void {
    this.#late ??= new AbortController()
    this.#late.abort(reason)
  }

  /** For multipart bodies: as random as the nonce, in the characters that RFC 2046 section 5.1.1 allows. */
  boundary(): string {
    return `ez-${this.clock
      .nonce()
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 60)}`
  }

  /** Opens the stream of a template's body, which nobody else knows. */
  openStream(stream: () => ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const opened = stream()
    this.#opened = opened
    return opened
  }

  /** Cancels the stream that was opened: the request that it was for is not sent. */
  cancelStream(): void {
    if (isStream(this.#opened) && !this.#opened.locked) void quietly(this.#opened.cancel())
  }
}
