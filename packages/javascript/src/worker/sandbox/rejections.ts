import type { Handle } from '../engine/exports.ts'
import type { Runtime } from '../engine/runtime.ts'

/** The promises of a script that were rejected and that nothing handles. */
export class Rejections {
  readonly #runtime: Runtime
  /** By the identity of the promise, which its handle keeps. */
  readonly #open = new Map<number, readonly [promise: Handle, reason: Handle]>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** Takes both handles over. */
  take(promise: Handle, reason: Handle, handled: boolean): void {
    const identity = this.#runtime.identity(promise)
    const known = this.#open.get(identity)
    for (const handle of known ?? []) this.#runtime.free(handle)
    this.#open.delete(identity)
    if (!handled) this.#open.set(identity, [promise, reason])
    else for (const handle of [promise, reason]) this.#runtime.free(handle)
  }

  /** The reason of the first; `undefined` when there is none. */
  first(): Handle | undefined {
    for (const [, reason] of this.#open.values()) return reason
    return undefined
  }

  end(): void {
    for (const handles of this.#open.values()) for (const handle of handles) this.#runtime.free(handle)
    this.#open.clear()
  }
}
