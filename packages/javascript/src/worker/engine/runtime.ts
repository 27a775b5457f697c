import type { Handle } from './exports.ts'
import { RuntimeValues, Thrown } from './values.ts'

/** How code is evaluated. Source: JS_EVAL_* of QuickJS. */
export const evalFlags = { script: 0, module: 1, topLevelAwait: 128 } as const

/** What bytecode leaves out. Source: JS_WRITE_OBJ_* of QuickJS: STRIP_SOURCE is 16, STRIP_DEBUG 32. */
export const leaveOut = { nothing: 0, sourceAndLines: 48 } as const

/** One QuickJS runtime: made fresh, used for one script, freed whole. */
export class Runtime extends RuntimeValues {
  /** Frees the runtime. The engine checks that nothing is left: it breaks when something is. */
  end(): void {
    for (const handle of this.owned) this.exports.qjs_free_value(handle)
    this.owned.length = 0
    this.exports.qjs_destroy()
  }

  /** Bytes that all values may take; the engine refuses more. */
  limitMemory(bytes: number): void {
    this.exports.qjs_set_memory_limit(bytes)
  }

  /** The size of the instance's memory, which only grows. */
  get memoryBytes(): number {
    return this.instance.bytes.length
  }

  /** @throws Thrown */
  evaluate(source: string, file: string, flags: number): Handle {
    return this.memory.withText(source, (code, length) =>
      this.memory.withText(file, (name) => this.checked(this.exports.qjs_eval(code, length, name, flags))),
    )
  }

  /** Bytecode of this very engine. @throws Thrown */
  compile(source: string, file: string, flags: number, left: number): Uint8Array {
    return this.memory.withText(source, (code, length) =>
      this.memory.withText(file, (name) =>
        this.memory.withLength((lengthOut) => {
          const at = this.exports.qjs_compile(code, length, name, flags, left, lengthOut)
          if (at === 0) throw new Thrown(this.own(this.exports.qjs_get_exception()))
          const bytes = this.instance.bytes.slice(at, at + this.instance.word(lengthOut))
          this.exports.wasm_free(at)
          return bytes
        }),
      ),
    )
  }

  /** Evaluates what {@link compile} gave. @throws Thrown */
  evaluateBytecode(bytecode: Uint8Array): Handle {
    return this.memory.withBytes(bytecode, (at) =>
      this.checked(this.exports.qjs_eval_bytecode(at, bytecode.length)),
    )
  }

  /** The function by which the engine calls its host. */
  hostFunction(): Handle {
    return this.memory.withText('host', (at, length) =>
      this.own(this.exports.qjs_new_host_function(at, length, 0)),
    )
  }

  /** Throws an error into the engine, without anything of the host but name and message. */
  throwError(name: string, message: string): void {
    this.scope(() => {
      const error = this.call(this.helpers.error, this.newText(name), this.newText(message))
      this.own(this.exports.qjs_throw(error))
    })
  }

  throwAgain({ handle }: Thrown): void {
    this.own(this.exports.qjs_throw(handle))
  }

  /** 0 pending, 1 fulfilled, 2 rejected. */
  promiseState(promise: Handle): number {
    return this.exports.qjs_promise_state(promise)
  }

  promiseResult(promise: Handle): Handle {
    return this.own(this.exports.qjs_promise_result(promise))
  }

  /** Runs the jobs of promises until none is left. @throws Thrown */
  runJobs(): void {
    while (this.exports.qjs_is_job_pending() !== 0)
      if (this.exports.qjs_execute_pending_job() < 0)
        throw new Thrown(this.own(this.exports.qjs_get_exception()))
  }

  /** The same number for the same object, as long as a handle of it is held. */
  identity(object: Handle): number {
    return this.exports.qjs_get_value_ptr(object)
  }

  /** The values that a call of the host was given; the engine frees them. */
  argumentsAt(at: number, count: number): Handle[] {
    return Array.from({ length: count }, (_, index) => this.instance.word(at + index * 4))
  }
}
