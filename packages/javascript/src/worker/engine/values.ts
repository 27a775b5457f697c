import type { EngineExports, Handle } from './exports.ts'
import type { EngineHost, EngineInstance } from './instance.ts'
import { EngineMemory } from './memory.ts'

// A larger stack lets deep recursion exhaust the host's own stack, which breaks the engine.
const stackBytes = 128 * 1024

// The language without clock, DOMException and the engine's own btoa. Source: QJS_INTRINSIC_* of quickjs-wasi.
const intrinsics = (1 << 10) - 1

/** What the engine threw. */
export class Thrown extends Error {
  readonly handle: Handle

  constructor(handle: Handle) {
    super('thrown in the engine')
    this.handle = handle
  }
}

/** Functions of the engine, taken before a script can patch what they stand on. */
export interface Helpers {
  /** JSON.parse. */
  readonly parse: Handle
  /** JSON.stringify. */
  readonly stringify: Handle
  /** Makes an error of a name and a message. */
  readonly error: Handle
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The values of one runtime, and how they cross. What it hands out belongs to the innermost {@link scope}, or to the
 * runtime.
 */
export class RuntimeValues {
  protected readonly instance: EngineInstance
  protected readonly exports: EngineExports
  protected readonly memory: EngineMemory
  protected readonly owned: Handle[] = []
  readonly undefined: Handle
  readonly null: Handle
  readonly true: Handle
  readonly false: Handle
  /** Functions of the engine that values cross with. */
  protected helpers: Helpers = { parse: 0, stringify: 0, error: 0 }

  constructor(instance: EngineInstance, host: EngineHost) {
    this.instance = instance
    this.exports = instance.exports
    this.memory = new EngineMemory(instance)
    instance.host = host
    if (this.exports.qjs_init2(intrinsics) !== 0) throw new Error('the engine makes no runtime')
    this.exports.qjs_set_max_stack_size(stackBytes)
    this.exports.qjs_set_interrupt_handler(1)
    this.exports.qjs_set_promise_rejection_handler(1)
    this.undefined = this.own(this.exports.qjs_get_undefined())
    this.null = this.own(this.exports.qjs_get_null())
    this.true = this.own(this.exports.qjs_get_true())
    this.false = this.own(this.exports.qjs_get_false())
  }

  useHelpers(helpers: Helpers): void {
    this.helpers = helpers
  }

  /** Takes a value over: freed with its scope. */
  own(handle: Handle): Handle {
    if (handle === 0) throw new RangeError('out of memory')
    this.owned.push(handle)
    return handle
  }

  /** Frees what is handed out meanwhile, but for what is thrown. */
  scope<Result>(run: () => Result): Result {
    const mark = this.owned.length
    let thrown: Handle | undefined
    try {
      return run()
    } catch (error) {
      if (error instanceof Thrown) thrown = error.handle
      throw error
    } finally {
      for (const handle of this.owned.splice(mark))
        if (handle === thrown) this.owned.push(handle)
        else this.exports.qjs_free_value(handle)
    }
  }

  /** The same value once more; freed by who gets it. */
  duplicate(handle: Handle): Handle {
    return this.exports.qjs_dup_value(handle)
  }

  free(handle: Handle): void {
    this.exports.qjs_free_value(handle)
  }

  protected checked(handle: Handle): Handle {
    this.own(handle)
    if (this.exports.qjs_is_exception(handle) !== 0)
      throw new Thrown(this.own(this.exports.qjs_get_exception()))
    return handle
  }

  /** @throws Thrown */
  call(run: Handle, ...values: Handle[]): Handle {
    return this.memory.withWords(values, (at) =>
      this.checked(this.exports.qjs_call(run, this.undefined, values.length, at)),
    )
  }

  /** @throws Thrown by a getter */
  property(object: Handle, name: string): Handle {
    return this.memory.withText(name, (at) => this.checked(this.exports.qjs_get_prop_string(object, at)))
  }

  isText(handle: Handle): boolean {
    return this.exports.qjs_is_string(handle) !== 0
  }

  isNumber(handle: Handle): boolean {
    return this.exports.qjs_is_number(handle) !== 0
  }

  isBoolean(handle: Handle): boolean {
    return this.exports.qjs_is_bool(handle) !== 0
  }

  isObject(handle: Handle): boolean {
    return this.exports.qjs_is_object(handle) !== 0
  }

  isNull(handle: Handle): boolean {
    return this.exports.qjs_is_null(handle) !== 0
  }

  isUndefined(handle: Handle): boolean {
    return this.exports.qjs_is_undefined(handle) !== 0
  }

  /** A number, or a truth as 0 and 1. */
  number(handle: Handle): number {
    return this.exports.qjs_get_float64(handle)
  }

  boolean(handle: Handle): boolean {
    return this.exports.qjs_get_bool(handle) !== 0
  }

  /** The text of a value, converted as the engine converts, which may run code of the script. @throws Thrown */
  text(handle: Handle): string {
    const text = this.#rawText(handle)
    if (text !== undefined) return text
    // Half of a surrogate pair.
    return JSON.parse(
      this.scope(() => this.#rawText(this.call(this.helpers.stringify, handle)) as string),
    ) as string
  }

  #rawText(handle: Handle): string | undefined {
    return this.memory.withLength((lengthOut) => {
      const at = this.exports.qjs_get_string_len(handle, lengthOut)
      if (at === 0) throw new Thrown(this.own(this.exports.qjs_get_exception()))
      try {
        return strict.decode(this.instance.bytes.subarray(at, at + this.instance.word(lengthOut)))
      } catch {
        return undefined
      } finally {
        this.exports.qjs_free_cstring(at)
      }
    })
  }

  /** A copy of the bytes of an `ArrayBuffer`; `undefined` for anything else. */
  bytes(handle: Handle): Uint8Array | undefined {
    if (this.exports.qjs_is_array_buffer(handle) === 0) return undefined
    return this.memory.withLength((lengthOut) => {
      const at = this.exports.qjs_get_array_buffer(handle, lengthOut)
      return this.instance.bytes.slice(at, at === 0 ? 0 : at + this.instance.word(lengthOut))
    })
  }

  newText(text: string): Handle {
    if (!text.isWellFormed()) return this.fromJson(JSON.stringify(text))
    return this.memory.withText(text, (at, length) => this.checked(this.exports.qjs_new_string(at, length)))
  }

  newNumber(value: number): Handle {
    return this.own(this.exports.qjs_new_number(value))
  }

  newBytes(bytes: Uint8Array): Handle {
    return this.memory.withBytes(bytes, (at) =>
      this.checked(this.exports.qjs_new_uint8_array(at, bytes.length)),
    )
  }

  /** The value of a JSON text. @throws Thrown */
  fromJson(json: string): Handle {
    return this.call(this.helpers.parse, this.newText(json))
  }

  /** A value of the host, in the engine. */
  enter(value: unknown): Handle {
    if (value === undefined) return this.undefined
    if (value === null) return this.null
    if (typeof value === 'boolean') return value ? this.true : this.false
    if (typeof value === 'number') return this.newNumber(value)
    if (typeof value === 'string') return this.newText(value)
    if (value instanceof Uint8Array) return this.newBytes(value)
    return this.fromJson(JSON.stringify(value))
  }
}
