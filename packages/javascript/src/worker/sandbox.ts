import type { QuickJSDeferredPromise, QuickJSHandle } from 'quickjs-emscripten-core'
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
import type { Arguments } from './border.ts'
import type { CurrentRun } from './current-run.ts'
import type { EngineParts } from './engine.ts'
import { describeFailure, type Stop } from './failure.ts'
import { RequestState } from './request-state.ts'
import { use } from './use.ts'

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

/** One run of one script in an engine. */
export class Sandbox implements CurrentRun {
  readonly #engine: EngineParts
  readonly #job: Job
  readonly #compiled: boolean
  readonly #bridge: SandboxBridge
  readonly #deadline: number
  readonly state: RequestState
  #wire: WireRequest | undefined
  #stop: Stop | undefined
  readonly #fetches = new Map<number, QuickJSDeferredPromise>()
  readonly #fetched = new Map<number, Uint8Array>()
  #fetchCount = 0
  #wake: () => void = () => {}

  /** @param compiled whether the engine holds the script as a compiled module */
  constructor(engine: EngineParts, job: Job, compiled: boolean, bridge: SandboxBridge) {
    this.#engine = engine
    this.#job = job
    this.#compiled = compiled
    this.#bridge = bridge
    this.#deadline = performance.now() + job.timeoutMs
    this.state = new RequestState(job)
  }

  /** Runs the script to its end, its deadline or its failure. Call once. */
  async run(): Promise<Outcome> {
    this.#limit()
    const thrown = await this.#execute()
    if (this.#stop === undefined && thrown === undefined) return { edits: this.state.takeEdits() }
    const failure = describeFailure(this.#engine.context, this.#job, this.#stop, thrown)
    return { edits: this.state.takeEdits(), failure }
  }

  #limit(): void {
    const { runtime, border } = this.#engine
    const { memoryBytes } = this.#job
    const heapLimit = this.#heapBytes() + memoryBytes + heapMargin
    runtime.setMemoryLimit(memoryBytes)
    border.onOutputExceeded = () => {
      this.#stop ??= 'output'
    }
    border.onBytes = (length) => {
      if (this.#heapBytes() + length > heapLimit) this.#stop ??= 'memory'
      if (this.#stop !== undefined) throw new RangeError('out of memory')
    }
  }

  /** Whether the engine must stop; it asks every few thousand steps. */
  interrupted(): boolean {
    if (performance.now() > this.#deadline) this.#stop ??= 'timeout'
    return this.#stop !== undefined
  }

  /** What was thrown, if anything was. */
  async #execute(): Promise<QuickJSHandle | undefined> {
    const { context, runtime, border, environment } = this.#engine
    const { source, file, module } = this.#job
    border.call(environment.begin, border.enter(this.#job.environment)).dispose()
    const evaluated = this.#compiled
      ? context.callFunction(environment.load, context.undefined, border.enter(file))
      : context.evalCode(source, file, module ? { type: 'module' } : topLevelAwait)
    if (evaluated.error) return evaluated.error
    const finished = context.callFunction(
      environment.finish,
      context.undefined,
      evaluated.value,
      module ? context.true : context.false,
    )
    if (finished.error) return finished.error
    for (;;) {
      const jobs = runtime.executePendingJobs()
      if (jobs.error) return jobs.error
      if (this.#stop !== undefined) return undefined
      if (this.#fetches.size === 0) break
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const end = context.getPromiseState(finished.value)
    if (end.type === 'rejected') return end.error
    if (end.type === 'pending')
      return context.newError('the script waits for a promise that nothing will ever settle')
    return undefined
  }

  get nonce(): string {
    return this.#job.nonce
  }

  read(): WireRequest {
    this.#wire ??= this.#ask({ kind: 'request' }) as WireRequest
    return this.#wire
  }

  ask(kind: 'variable' | 'runtime', name: string): unknown {
    return this.#ask({ kind, name })
  }

  #ask(question: Question): unknown {
    const answer = this.#bridge.ask(this.state.takeEdits(), question)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }

  send(given: Arguments): QuickJSHandle {
    const { context } = this.#engine
    this.#fetchCount += 1
    if (this.#fetchCount > mostFetches)
      throw new RangeError(`fetch: at most ${mostFetches} requests in a run`)
    const deferred = context.newPromise()
    const id = this.#fetchCount
    this.#fetches.set(id, deferred)
    this.#bridge.fetch({
      type: 'fetch',
      id,
      url: given.text(0),
      method: given.text(1),
      headers: given.value(2) as [string, string][],
      body: context.eq(given.at(3), context.null) ? null : given.data(3),
    })
    return deferred.handle.dup()
  }

  take(id: number): Uint8Array {
    const body = this.#fetched.get(id) ?? new Uint8Array(0)
    this.#fetched.delete(id)
    return body
  }

  /** The host's answer to a `fetch` of the script. */
  fetched(answer: FetchAnswer): void {
    const deferred = this.#fetches.get(answer.id)
    if (deferred === undefined) return
    this.#fetches.delete(answer.id)
    const { context } = this.#engine
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
    return this.#engine.module.getWasmMemory().buffer.byteLength
  }
}
