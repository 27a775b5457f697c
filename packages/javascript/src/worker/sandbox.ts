import type {
  QuickJSContext,
  QuickJSDeferredPromise,
  QuickJSHandle,
  QuickJSRuntime,
  QuickJSWASMModule,
} from 'quickjs-emscripten-core'
import type {
  Answer,
  Edit,
  Failure,
  FetchAnswer,
  FetchCall,
  Job,
  Question,
  WireRequest,
} from '../protocol.ts'
import { type Arguments, Border } from './border.ts'
import { describeFailure, type Stop } from './failure.ts'
import { defineFetch, defineGlobals, type GlobalsOf } from './globals.ts'
import { RequestState } from './request-state.ts'
import { type ScriptedPart, ScriptedParts } from './scripted-parts.ts'
import { use } from './use.ts'

// A larger stack lets deep recursion exhaust the host's own stack, which kills the engine.
const stackBytes = 128 * 1024
// JS_EVAL_FLAG_ASYNC of QuickJS: top-level await in plain code.
const topLevelAwait = 1 << 7
// What the host may put into the engine's heap, which the engine's own limit does not count.
const heapMargin = 32 * 1024 * 1024
const mostFetches = 64

/** What a sandbox reaches outside itself. */
export interface SandboxBridge {
  /** Asks the host, after these edits, and sleeps until it answers. */
  ask(edits: readonly Edit[], question: Question): Answer
  fetch(call: FetchCall): void
}

/** How a run ended, and what the script did since the host last heard of it. */
export interface Outcome {
  readonly edits: readonly Edit[]
  readonly failure?: Failure
}

/** One fresh engine, its globals defined, for one run of one script. */
export class Sandbox {
  readonly #module: QuickJSWASMModule
  readonly #runtime: QuickJSRuntime
  readonly #context: QuickJSContext
  readonly #border: Border
  readonly #parts: ScriptedParts
  #globals: GlobalsOf | undefined
  #stop: Stop | undefined
  readonly #fetches = new Map<number, QuickJSDeferredPromise>()
  readonly #fetched = new Map<number, Uint8Array>()
  #fetchCount = 0
  #wake: () => void = () => {}

  /** `likely`: parts that the script will probably need, compiled before it comes. */
  constructor(module: QuickJSWASMModule, likely: Iterable<ScriptedPart> = []) {
    this.#module = module
    this.#runtime = module.newRuntime()
    this.#runtime.setMaxStackSize(stackBytes)
    this.#context = this.#runtime.newContext()
    this.#border = new Border(this.#context)
    this.#parts = new ScriptedParts(this.#border)
    for (const part of likely) this.#parts.compile(part)
    defineGlobals(this.#border, this.#parts, () => this.#globals as GlobalsOf)
  }

  /** Runs the script to its end, its deadline or its failure. Call once. */
  async run(job: Job, bridge: SandboxBridge): Promise<Outcome> {
    const state = new RequestState(job)
    this.#globals = globalsOf(job, state, bridge)
    this.#limit(job)
    if (job.network)
      defineFetch(
        this.#border,
        this.#parts,
        (given) => this.#startFetch(given, bridge),
        (id) => this.#takeFetched(id),
      )
    const thrown = await this.#execute(job)
    if (this.#stop === undefined && thrown === undefined) return { edits: state.takeEdits() }
    const failure = describeFailure(this.#context, job, this.#stop, thrown)
    thrown?.dispose()
    return { edits: state.takeEdits(), failure }
  }

  /** The parts that the script needed. */
  get used(): Iterable<ScriptedPart> {
    return this.#parts.used
  }

  #limit(job: Job): void {
    const deadline = performance.now() + job.timeoutMs
    const heapLimit = this.#heapBytes() + job.memoryBytes + heapMargin
    this.#runtime.setMemoryLimit(job.memoryBytes)
    this.#runtime.setInterruptHandler(() => {
      if (performance.now() > deadline) this.#stop ??= 'timeout'
      return this.#stop !== undefined
    })
    this.#border.onOutputExceeded = () => {
      this.#stop ??= 'output'
    }
    this.#border.onBytes = (length) => {
      if (this.#heapBytes() + length > heapLimit) this.#stop ??= 'memory'
      if (this.#stop !== undefined) throw new RangeError('out of memory')
    }
  }

  /** What was thrown, if anything was. */
  async #execute(job: Job): Promise<QuickJSHandle | undefined> {
    const context = this.#context
    const evaluated = context.evalCode(job.source, job.file, job.module ? { type: 'module' } : topLevelAwait)
    if (evaluated.error) return evaluated.error
    const finished = context.callFunction(
      this.#border.helper('finish'),
      context.undefined,
      this.#border.hold(evaluated.value),
      job.module ? context.true : context.false,
    )
    if (finished.error) return finished.error
    const promise = this.#border.hold(finished.value)
    for (;;) {
      const jobs = this.#runtime.executePendingJobs()
      if (jobs.error) return jobs.error
      if (this.#stop !== undefined) return undefined
      if (this.#fetches.size === 0) break
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const state = context.getPromiseState(promise)
    if (state.type === 'rejected') return state.error
    if (state.type === 'pending')
      return context.newError('the script waits for a promise that nothing will ever settle')
    state.value.dispose()
    return undefined
  }

  #startFetch(given: Arguments, bridge: SandboxBridge): QuickJSHandle {
    this.#fetchCount += 1
    if (this.#fetchCount > mostFetches)
      throw new RangeError(`fetch: at most ${mostFetches} requests in a run`)
    const deferred = this.#context.newPromise()
    const id = this.#fetchCount
    this.#fetches.set(id, deferred)
    bridge.fetch({
      type: 'fetch',
      id,
      url: given.text(0),
      method: given.text(1),
      headers: given.value(2) as [string, string][],
      body: this.#context.eq(given.at(3), this.#context.null) ? null : given.data(3),
    })
    return deferred.handle.dup()
  }

  #takeFetched(id: number): Uint8Array {
    const body = this.#fetched.get(id) ?? new Uint8Array(0)
    this.#fetched.delete(id)
    return body
  }

  /** The host's answer to a `fetch` of the script. */
  fetched(answer: FetchAnswer): void {
    const deferred = this.#fetches.get(answer.id)
    if (deferred === undefined) return
    this.#fetches.delete(answer.id)
    const context = this.#context
    if (answer.response === undefined) {
      const error = { name: 'TypeError', message: answer.error ?? 'fetch failed' }
      use(context.newError(error), (value) => deferred.reject(value))
    } else {
      const { body, ...meta } = answer.response
      this.#fetched.set(answer.id, body)
      use(context.newString(JSON.stringify({ id: answer.id, ...meta })), (value) => deferred.resolve(value))
    }
    deferred.dispose()
    this.#wake()
  }

  #heapBytes(): number {
    return this.#module.getWasmMemory().buffer.byteLength
  }

  /** Frees the engine. @throws when the engine is broken; its module must then be given up */
  dispose(): void {
    for (const deferred of this.#fetches.values()) deferred.dispose()
    this.#border.dispose()
    this.#context.dispose()
    this.#runtime.dispose()
  }
}

function globalsOf(job: Job, state: RequestState, bridge: SandboxBridge): GlobalsOf {
  const ask = (question: Question): unknown => {
    const answer = bridge.ask(state.takeEdits(), question)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }
  return {
    job,
    state,
    read: () => ask({ kind: 'request' }) as WireRequest,
    ask: (kind, name) => ask({ kind, name }),
  }
}
