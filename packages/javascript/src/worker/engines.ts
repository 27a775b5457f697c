import { Bytecode } from './engine/bytecode.ts'
import { EngineInstance } from './engine/instance.ts'
import { Sandbox } from './sandbox/sandbox.ts'

// An instance is not used for ever: what its allocator scatters goes with it.
const mostRuns = 1000
// The memory of an instance never shrinks.
const mostMemoryBytes = 4 * 1024 * 1024

/** The engine of a thread: a sandbox that nothing has run in is always ready. */
export class Engines {
  readonly #module: WebAssembly.Module
  readonly #bytecode = new Bytecode()
  #instance: EngineInstance
  #runs = 0
  #spare: Sandbox

  constructor(module: WebAssembly.Module) {
    this.#module = module
    this.#instance = new EngineInstance(module)
    this.#spare = new Sandbox(this.#instance, this.#bytecode)
  }

  /** The sandbox of the next run. */
  get spare(): Sandbox {
    return this.#spare
  }

  /** What the engine said of itself before it broke. */
  get complaint(): string {
    return this.#instance.complaint
  }

  /**
   * Puts a fresh sandbox in the place of the one that ran. In the same instance, when that run ended by itself and the
   * engine finds nothing left of it; a run that was stopped, or broke, leaves nothing to the next but a new instance.
   */
  renew(orderly: boolean): void {
    this.#runs += 1
    if (orderly && this.#runs < mostRuns && this.#instance.bytes.length <= mostMemoryBytes && this.#freed())
      this.#spare = new Sandbox(this.#instance, this.#bytecode)
    else {
      this.#runs = 0
      this.#instance = new EngineInstance(this.#module)
      this.#spare = new Sandbox(this.#instance, this.#bytecode)
    }
  }

  #freed(): boolean {
    try {
      this.#spare.end()
      return true
    } catch {
      return false
    }
  }
}
