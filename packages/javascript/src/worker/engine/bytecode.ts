import type { Handle } from './exports.ts'
import type { Runtime } from './runtime.ts'

const mostBytes = 4 * 1024 * 1024

/**
 * What was compiled before, as the engine writes it: reading it takes a fraction of the time of compiling. Code is
 * compiled before anything of the script has run, and the bytes are kept outside the engine.
 */
export class Bytecode {
  readonly #compiled = new Map<string, Uint8Array>()
  #bytes = 0

  /** @throws Thrown, also when the code does not compile */
  evaluate(runtime: Runtime, source: string, file: string, flags: number, left: number): Handle {
    return this.evaluateNamed(runtime, `${flags} ${file}\n${source}`, () => source, file, flags, left)
  }

  /** The same for code that its key tells from all other; it is read only when it must be compiled. */
  evaluateNamed(
    runtime: Runtime,
    key: string,
    source: () => string,
    file: string,
    flags: number,
    left: number,
  ): Handle {
    let bytes = this.#compiled.get(key)
    if (bytes === undefined) {
      bytes = runtime.compile(source(), file, flags, left)
      this.#keep(key, bytes)
    }
    return runtime.evaluateBytecode(bytes)
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#compiled.set(key, bytes)
    this.#bytes += bytes.length + key.length
    for (const [oldest, dropped] of this.#compiled) {
      if (this.#bytes <= mostBytes) return
      this.#compiled.delete(oldest)
      this.#bytes -= dropped.length + oldest.length
    }
  }
}
