import type { Edit, Failure, FetchAnswer, Job, PostmanSource } from '../../protocol.ts'
import type { Bytecode } from '../engine/bytecode.ts'
import type { Handle } from '../engine/exports.ts'
import type { EngineHost, EngineInstance } from '../engine/instance.ts'
import { evalFlags, leaveOut, Runtime } from '../engine/runtime.ts'
import { Thrown } from '../engine/values.ts'
import { hostFunctions } from '../functions/all.ts'
import { ValueRefused } from '../functions/host-function.ts'
import { librarySource, resolveLibrary } from '../functions/libraries.ts'
import { globalParts, globalsSource } from '../globals/source.ts'
import { Arguments } from './arguments.ts'
import type { SandboxBridge } from './bridge.ts'
import { describeFailure } from './failure.ts'
import { Rejections } from './rejections.ts'
import { OutputExceeded } from './request-state.ts'
import { Run } from './run.ts'

// What the globals take before the script begins.
const globalsBytes = 1024 * 1024
// What an instance takes in which little has run.
const freshBytes = 1.5 * 1024 * 1024
const mostlyUsed = 0.75

/** How a run ended, and what the script did since the host last heard of it. */
export interface Outcome {
  readonly edits: readonly Edit[]
  readonly failure?: Failure
}

/** A runtime with the globals of the sandbox, made before its script is known, and used for one run. */
export class Sandbox implements EngineHost {
  readonly #bytecode: Bytecode
  readonly #runtime: Runtime
  readonly #rejections: Rejections
  readonly #begin: Handle
  readonly #finish: Handle
  readonly #settle: Handle
  readonly #beginPostman: Handle
  #run: Run | undefined

  constructor(instance: EngineInstance, bytecode: Bytecode) {
    this.#bytecode = bytecode
    const runtime = new Runtime(instance, this)
    this.#runtime = runtime
    this.#rejections = new Rejections(runtime)
    const define = bytecode.evaluate(
      runtime,
      globalsSource,
      'ez:globals',
      evalFlags.script,
      leaveOut.sourceAndLines,
    )
    const made = runtime.call(define, runtime.hostFunction())
    const member = (name: string): Handle => runtime.property(made, name)
    runtime.useHelpers({ parse: member('parse'), stringify: member('stringify'), error: member('error') })
    this.#begin = member('begin')
    this.#finish = member('finish')
    this.#settle = member('settle')
    this.#beginPostman = member('beginPostman')
  }

  /** Runs the script to its end, its deadline or its failure. Call once. */
  async run(job: Job, bridge: SandboxBridge): Promise<Outcome> {
    const run = new Run(job, bridge)
    this.#run = run
    this.#runtime.limitMemory(job.memoryBytes + globalsBytes)
    const failure = await this.#execute(run)
    return { edits: run.state.takeEdits(), ...(failure === undefined ? {} : { failure }) }
  }

  async #execute(run: Run): Promise<Failure | undefined> {
    let failure: Failure | undefined
    try {
      failure = await (run.job.postman === undefined
        ? this.#ended(run, this.#start(run.job))
        : this.#runPostman(run, run.job.postman))
    } catch (error) {
      if (!(error instanceof Thrown)) throw error
      if (run.stop === undefined) failure = this.#describe(run, error.handle)
    }
    // A getter of what was thrown may have run for too long.
    if (run.stop !== undefined) return { kind: run.stop, message: '' }
    if (run.refused === undefined) return failure
    const line = failure?.line
    return { kind: 'value', message: run.refused, ...(line === undefined ? {} : { line }) }
  }

  /** Waits for the end of a script, and of all that it started. */
  async #ended(run: Run, end: Handle): Promise<Failure | undefined> {
    for (;;) {
      this.#runtime.runJobs()
      if (run.stop !== undefined || run.waiting === 0) break
      await run.woken()
    }
    return run.stop === undefined ? this.#failureOf(run, end) : undefined
  }

  /** Runs scripts of Postman one after the other; what they did is published as `postman`. */
  async #runPostman(run: Run, scripts: readonly PostmanSource[]): Promise<Failure | undefined> {
    const runtime = this.#runtime
    const begun = runtime.call(this.#beginPostman, runtime.newText(run.job.environment))
    const one = runtime.property(begun, 'run')
    for (const { source, file } of scripts) {
      run.file = file
      const wrapped = `(async function () {${source}\n})`
      const script = this.#bytecode.evaluate(runtime, wrapped, file, evalFlags.script, leaveOut.nothing)
      const failure = await this.#ended(run, runtime.call(one, script))
      if (failure !== undefined || run.stop !== undefined) return failure
    }
    run.state.publish('postman', runtime.text(runtime.call(runtime.property(begun, 'result'))))
    return undefined
  }

  /** The promise of the script's end. */
  #start({ source, file, module, environment }: Job): Handle {
    const runtime = this.#runtime
    runtime.scope(() => runtime.call(this.#begin, runtime.newText(environment)))
    const flags = module ? evalFlags.module : evalFlags.topLevelAwait
    const exports = this.#bytecode.evaluate(runtime, source, file, flags, leaveOut.nothing)
    return runtime.call(this.#finish, exports, module ? runtime.true : runtime.false)
  }

  #failureOf(run: Run, end: Handle): Failure | undefined {
    const state = this.#runtime.promiseState(end)
    if (state === 2) return this.#describe(run, this.#runtime.promiseResult(end))
    if (state === 0)
      return { kind: 'failed', message: 'the script waits for a promise that nothing will ever settle' }
    const reason = this.#rejections.first()
    if (reason === undefined) return undefined
    const failure = this.#describe(run, reason)
    return failure.kind === 'failed'
      ? { ...failure, message: `${failure.message}, in a promise that nothing waits for` }
      : failure
  }

  #describe({ job, file }: Run, thrown: Handle): Failure {
    // Reading takes memory, of which there may be none left.
    this.#runtime.limitMemory(job.memoryBytes + 2 * globalsBytes)
    // Where there is none for an error, the engine throws null.
    if (this.#runtime.isNull(thrown) && this.#runtime.memoryBytes > freshBytes + job.memoryBytes * mostlyUsed)
      return { kind: 'memory', message: '' }
    return describeFailure(this.#runtime, file, thrown)
  }

  /** The host's answer to a `fetch` of the script. */
  fetched({ id, response, error }: FetchAnswer): void {
    const run = this.#run
    if (run === undefined || !run.answered(id)) return
    const runtime = this.#runtime
    runtime.scope(() => {
      const { body, ...meta } = response ?? { body: new Uint8Array(0), error: error ?? 'fetch failed' }
      const values = [runtime.newNumber(id), runtime.newText(JSON.stringify(meta)), runtime.newBytes(body)]
      runtime.call(this.#settle, ...values)
    })
    run.wake()
  }

  /** Frees the runtime. @throws when the engine is in no order */
  end(): void {
    this.#run = undefined
    this.#rejections.end()
    this.#runtime.limitMemory(0)
    this.#runtime.end()
  }

  call(count: number, values: number): Handle {
    const runtime = this.#runtime
    return runtime.scope(() => {
      try {
        return runtime.duplicate(this.#answer(runtime.argumentsAt(values, count)))
      } catch (error) {
        this.#rethrow(error)
        return 0
      }
    })
  }

  #answer([name, ...given]: Handle[]): Handle {
    const run = this.#run
    const known = this.#runtime.text(name as Handle)
    if (known === 'globals') return this.#part(this.#runtime.text(given[0] as Handle))
    if (known === 'library') return this.#library(this.#runtime.text(given[0] as Handle))
    if (known === 'resolve')
      return this.#runtime.newText(
        resolveLibrary(this.#runtime.text(given[0] as Handle), this.#runtime.text(given[1] as Handle)),
      )
    const called = hostFunctions.get(known)
    if (called === undefined || run === undefined) throw new Error('no script runs')
    return this.#runtime.enter(called(new Arguments(this.#runtime, given), run))
  }

  #library(id: string): Handle {
    return this.#bytecode.evaluateNamed(
      this.#runtime,
      `library ${id}`,
      () => librarySource(id),
      `library:${id}`,
      evalFlags.script,
      leaveOut.sourceAndLines,
    )
  }

  #part(name: string): Handle {
    const source = globalParts.get(name)
    if (source === undefined) throw new Error('there is no such part')
    return this.#bytecode.evaluate(
      this.#runtime,
      source,
      `ez:${name}`,
      evalFlags.script,
      leaveOut.sourceAndLines,
    )
  }

  // What the host throws becomes an error of the engine, without the host's stack.
  #rethrow(error: unknown): void {
    const run = this.#run
    if (error instanceof Thrown) {
      this.#runtime.throwAgain(error)
      return
    }
    if (run !== undefined && error instanceof OutputExceeded) run.stop ??= 'output'
    // Thrown through the engine, these leave it in no order.
    if (error instanceof WebAssembly.RuntimeError || isStackOverflow(error)) throw error
    const { name, message } = error as Error
    if (run !== undefined && error instanceof ValueRefused) run.refused ??= message
    this.#runtime.throwError(String(name), String(message))
  }

  interrupted(): boolean {
    return this.#run?.interrupted() ?? false
  }

  rejected(promise: Handle, reason: Handle, handled: boolean): void {
    this.#rejections.take(promise, reason, handled)
  }

  now(): number {
    return this.#run?.job.now ?? 0
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack')
}
