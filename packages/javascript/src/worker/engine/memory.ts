import type { EngineInstance } from './instance.ts'

const encoder = new TextEncoder()

/** Puts texts and bytes into an engine's memory for the time of a call. */
export class EngineMemory {
  readonly #instance: EngineInstance

  constructor(instance: EngineInstance) {
    this.#instance = instance
  }

  /** @throws RangeError when the memory is full */
  allocate(bytes: number): number {
    const at = this.#instance.exports.wasm_malloc(bytes)
    // At 0 lie the engine's own data.
    if (at === 0) throw new RangeError('out of memory')
    return at
  }

  #during<Result>(bytes: number, run: (at: number) => Result): Result {
    const at = this.allocate(bytes)
    try {
      return run(at)
    } finally {
      this.#instance.exports.wasm_free(at)
    }
  }

  /** The text as UTF-8, which ends with a NUL. */
  withText<Result>(text: string, run: (at: number, length: number) => Result): Result {
    // A UTF-16 unit takes at most three bytes.
    return this.#during(text.length * 3 + 1, (at) => {
      const { written } = encoder.encodeInto(text, this.#instance.bytes.subarray(at, at + text.length * 3))
      this.#instance.bytes[at + written] = 0
      return run(at, written)
    })
  }

  withBytes<Result>(bytes: Uint8Array, run: (at: number) => Result): Result {
    return this.#during(bytes.length + 1, (at) => {
      this.#instance.bytes.set(bytes, at)
      return run(at)
    })
  }

  withWords<Result>(words: readonly number[], run: (at: number) => Result): Result {
    return this.#during(words.length * 4 + 4, (at) => {
      const view = new DataView(this.#instance.exports.memory.buffer)
      for (const [index, word] of words.entries()) view.setUint32(at + index * 4, word, true)
      return run(at)
    })
  }

  /** A place where the engine writes a length. */
  withLength<Result>(run: (lengthOut: number) => Result): Result {
    return this.#during(4, run)
  }
}
