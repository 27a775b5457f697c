import type { Handle } from '../engine/exports.ts'
import type { Runtime } from '../engine/runtime.ts'
import { type Given, ValueRefused } from '../functions/host-function.ts'

/** What the engine gave to a function of the host. */
export class Arguments implements Given {
  readonly #runtime: Runtime
  readonly #handles: readonly Handle[]

  constructor(runtime: Runtime, handles: readonly Handle[]) {
    this.#runtime = runtime
    this.#handles = handles
  }

  #at(index: number): Handle {
    return this.#handles[index] ?? this.#runtime.undefined
  }

  text(index: number): string {
    const handle = this.#at(index)
    if (!this.#runtime.isText(handle)) throw new TypeError('this must be text')
    return this.#runtime.text(handle)
  }

  written(index: number, place: string): string {
    const handle = this.#at(index)
    if (this.#runtime.isText(handle)) return this.#runtime.text(handle)
    // Scripts often give numbers; anything else would be sent as a word like "undefined".
    if (this.#runtime.isNumber(handle)) {
      const number = this.#runtime.number(handle)
      if (Number.isFinite(number)) return String(number)
    }
    if (this.#runtime.isBoolean(handle)) return String(this.#runtime.boolean(handle))
    throw new ValueRefused(`${place} is no text. Write it as a string.`)
  }

  isMissing(index: number): boolean {
    return this.#runtime.isUndefined(this.#at(index))
  }

  isNull(index: number): boolean {
    return this.#runtime.isNull(this.#at(index))
  }

  number(index: number): number {
    return this.#runtime.number(this.#at(index))
  }

  boolean(index: number): boolean {
    return this.#runtime.boolean(this.#at(index))
  }

  data(index: number): string | Uint8Array {
    const handle = this.#at(index)
    if (this.#runtime.isText(handle)) return this.#runtime.text(handle)
    const bytes = this.#runtime.bytes(handle)
    if (bytes === undefined) throw new TypeError('the data must be text or bytes')
    return bytes
  }
}
