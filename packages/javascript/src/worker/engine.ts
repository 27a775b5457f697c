import type { QuickJSContext, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core'
import type { Failure, FetchAnswer, Job } from '../protocol.ts'
import { Border } from './border.ts'
import { defineGlobals, type Environment } from './globals.ts'
import { MemoryImage } from './memory-image.ts'
import { type Outcome, Sandbox, type SandboxBridge } from './sandbox.ts'

// A larger stack lets deep recursion exhaust the host's own stack, which kills the engine.
const stackBytes = 128 * 1024
// The memory of a module never shrinks.
const largestMemoryBytes = 96 * 1024 * 1024
// A quarter of a megabyte each.
const mostCompiled = 8

/** What an engine consists of. */
export interface EngineParts {
  readonly module: QuickJSWASMModule
  readonly runtime: QuickJSRuntime
  readonly context: QuickJSContext
  readonly border: Border
  readonly environment: Environment
}

/**
 * A runtime with the globals of the sandbox, and the image of its memory before any script ran. Every run starts
 * from an image: a runtime as fresh as one that was just made, for the price of copying a quarter of a megabyte. A
 * module has an image of its own, in which it is compiled and has not run either.
 */
export class Engine {
  readonly #parts: EngineParts
  readonly #fresh: MemoryImage
  readonly #compiled = new Map<string, MemoryImage>()
  /** Whose image the memory holds; nobody's once a script has run. */
  #loaded: string | undefined
  #sandbox: Sandbox | undefined

  /** @param module of this engine alone */
  constructor(module: QuickJSWASMModule) {
    const runtime = module.newRuntime()
    runtime.setMaxStackSize(stackBytes)
    runtime.setInterruptHandler(() => this.#sandbox?.interrupted() ?? false)
    const context = runtime.newContext()
    const border = new Border(context)
    const environment = defineGlobals(border, () => this.#current())
    this.#parts = { module, runtime, context, border, environment }
    this.#fresh = new MemoryImage(module.getWasmMemory())
  }

  #current(): Sandbox {
    if (this.#sandbox === undefined) throw new Error('no script runs')
    return this.#sandbox
  }

  /** Runs one script; {@link reset} comes before the next. */
  async run(job: Job, bridge: SandboxBridge): Promise<Outcome> {
    const key = keyOf(job)
    this.#load(key)
    this.#loaded = undefined
    this.#sandbox = new Sandbox(this.#parts, job, this.#compiled.has(key), bridge)
    const outcome = await this.#sandbox.run()
    this.#sandbox = undefined
    return outcome
  }

  /** The host's answer to a `fetch` of the script. */
  fetched(answer: FetchAnswer): void {
    this.#sandbox?.fetched(answer)
  }

  /** Puts the memory back, for the same script first of all; tells whether the engine can run another. */
  reset(job: Job, failure: Failure | undefined): boolean {
    // A stopped engine may be in any state.
    const stopped = failure !== undefined && failure.kind !== 'failed'
    if (stopped || this.#parts.module.getWasmMemory().buffer.byteLength > largestMemoryBytes) return false
    const key = keyOf(job)
    if (job.module && failure === undefined && !this.#compiled.has(key)) this.#compile(job, key)
    else this.#load(key)
    return true
  }

  #load(key: string): void {
    if (this.#loaded === key) return
    const image = this.#compiled.get(key) ?? this.#fresh
    image.putBack()
    this.#loaded = key
  }

  #compile({ source, file }: Job, key: string): void {
    const { context, module } = this.#parts
    const options = { type: 'module', compileOnly: true } as const
    // The image is of this script alone.
    this.#fresh.putBack(true)
    // It compiled before, within its limits.
    context.unwrapResult(context.evalCode(source, file, options))
    this.#compiled.set(key, new MemoryImage(module.getWasmMemory()))
    this.#loaded = key
    const [oldest] = this.#compiled.keys()
    if (this.#compiled.size > mostCompiled && oldest !== undefined) this.#compiled.delete(oldest)
  }
}

function keyOf({ source, file, module }: Job): string {
  return `${module} ${file}\n${source}`
}
