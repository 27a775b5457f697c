import { errors, Lifetime, type QuickJSContext, type QuickJSHandle } from 'quickjs-emscripten-core'
import { OutputExceeded } from './request-state.ts'
import { use } from './use.ts'

/** What the border does inside the engine, on what the engine brings before a script can patch it. */
const helpers = `({
parse: JSON.parse,
stringify: JSON.stringify,
bufferOf: (data) => data instanceof ArrayBuffer ? data
  : ArrayBuffer.isView(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : undefined,
viewOf: (buffer) => new Uint8Array(buffer),
overwrite: (view, bytes) => { new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(bytes) },
accessor: (object, name, get, set) => {
  Object.defineProperty(object, name, { configurable: true, enumerable: true, get, set })
},
global: (name, value) => {
  Object.defineProperty(globalThis, name, { configurable: true, enumerable: false, writable: true, value })
},
})`

type Helper = 'parse' | 'stringify' | 'bufferOf' | 'viewOf' | 'overwrite' | 'accessor' | 'global'

/** A function of the host that the engine can call; its result is taken over by value. */
export type HostFunction = (given: Arguments) => unknown

export interface HostAccessor {
  readonly get: () => unknown
  readonly set?: (value: Arguments) => void
}

export type HostMembers = Readonly<Record<string, HostFunction | HostAccessor | QuickJSHandle>>

/**
 * Takes values over the border between the host and one engine.
 *
 * Functions, objects and accessors of the host are made before the engine's image is taken, and their handles are
 * never freed: a script that deletes one must not free what the next run, from the same image, will call.
 */
export class Border {
  readonly context: QuickJSContext
  readonly #helpers = new Map<string, QuickJSHandle>()
  /** Told before bytes are put into the engine's heap, which the engine's own limit does not count. */
  onBytes: (length: number) => void = () => {}
  onOutputExceeded: () => void = () => {}

  constructor(context: QuickJSContext) {
    this.context = context
    const made = context.unwrapResult(context.evalCode(helpers, 'ez:border'))
    for (const name of ['parse', 'stringify', 'bufferOf', 'viewOf', 'overwrite', 'accessor', 'global'])
      this.#helpers.set(name, context.getProp(made, name))
  }

  /** Calls a helper; the result is the caller's. @throws what the engine threw, as a host error */
  help(name: Helper, ...values: QuickJSHandle[]): QuickJSHandle {
    return this.call(this.#helpers.get(name) as QuickJSHandle, ...values)
  }

  /** Calls a function of the engine; the result is the caller's. @throws what the engine threw, as a host error */
  call(run: QuickJSHandle, ...values: QuickJSHandle[]): QuickJSHandle {
    return this.context.unwrapResult(this.context.callFunction(run, this.context.undefined, ...values))
  }

  /** A text of the engine, whole: its C strings end at a NUL and cannot hold half of a surrogate pair. */
  textOf(handle: QuickJSHandle): string {
    const { context } = this
    const text = context.getString(handle)
    if (context.typeof(handle) !== 'string') return text
    const length = use(context.getProp(handle, 'length'), (value) => context.getNumber(value))
    if (length === text.length && !text.includes('\ufffd')) return text
    return use(this.help('stringify', handle), (json) => JSON.parse(context.getString(json)) as string)
  }

  /** The JSON text of an engine's value; `undefined` when it has none. */
  jsonOf(handle: QuickJSHandle): string | undefined {
    return use(this.help('stringify', handle), (json) =>
      this.context.typeof(json) === 'string' ? this.context.getString(json) : undefined,
    )
  }

  /** The bytes of an `ArrayBuffer` or a view of one. */
  bytesOf(handle: QuickJSHandle): Uint8Array {
    return use(this.help('bufferOf', handle), (buffer) => {
      if (this.context.typeof(buffer) !== 'object') throw new TypeError('the data must be text or bytes')
      return use(this.context.getArrayBuffer(buffer), (view) => view.value.slice())
    })
  }

  /** A value of the host, in the engine. */
  enter(value: unknown): QuickJSHandle {
    const { context } = this
    if (value instanceof Lifetime) return value as QuickJSHandle
    if (value === undefined) return context.undefined
    if (value === null) return context.null
    if (typeof value === 'boolean') return value ? context.true : context.false
    if (typeof value === 'number') return context.newNumber(value)
    if (typeof value === 'string' && !value.includes('\0') && value.isWellFormed())
      return context.newString(value)
    if (value instanceof Uint8Array) return use(this.buffer(value), (buffer) => this.help('viewOf', buffer))
    return this.parsed(JSON.stringify(value))
  }

  /** The value of a JSON text; JSON.stringify escapes NUL and halves of surrogate pairs. */
  parsed(json: string): QuickJSHandle {
    return use(this.context.newString(json), (text) => this.help('parse', text))
  }

  buffer(bytes: Uint8Array): QuickJSHandle {
    this.onBytes(bytes.byteLength)
    return this.context.newArrayBuffer(bytes.slice().buffer)
  }

  /** A function of the host, in the engine. */
  function(name: string, run: HostFunction): QuickJSHandle {
    return this.context.newFunction(name, (...handles) =>
      this.#answer(() => run(new Arguments(this, handles))),
    )
  }

  // What the host throws becomes an error of the engine, without the host's stack.
  #answer(run: () => unknown): QuickJSHandle | { error: QuickJSHandle } {
    try {
      return this.enter(run())
    } catch (error) {
      if (error instanceof OutputExceeded) this.onOutputExceeded()
      const { cause } = error as Error
      // An error of the engine itself comes wrapped.
      const { name, message } = (error instanceof errors.QuickJSUnwrapError ? cause : error) as Error
      return { error: this.context.newError({ name: String(name), message: String(message) }) }
    }
  }

  object(members: HostMembers): QuickJSHandle {
    const object = this.context.newObject()
    for (const [name, member] of Object.entries(members))
      if (typeof member === 'function') this.context.setProp(object, name, this.function(name, member))
      else if (member instanceof Lifetime) this.context.setProp(object, name, member)
      else this.#accessor(object, name, member)
    return object
  }

  #accessor(object: QuickJSHandle, name: string, { get, set }: HostAccessor): void {
    const { context } = this
    this.help(
      'accessor',
      object,
      context.newString(name),
      this.function(name, get),
      set === undefined ? context.undefined : this.function(name, set),
    )
  }

  /** Defines a global as the language defines its own: writable, configurable, not enumerable. */
  global(name: string, value: QuickJSHandle): void {
    this.help('global', this.context.newString(name), value)
  }
}

/** What the engine gave to a function of the host. */
export class Arguments {
  readonly #border: Border
  readonly handles: readonly QuickJSHandle[]

  constructor(border: Border, handles: readonly QuickJSHandle[]) {
    this.#border = border
    this.handles = handles
  }

  at(index: number): QuickJSHandle {
    return this.handles[index] ?? this.#border.context.undefined
  }

  /** As text, converted as the engine converts. */
  text(index: number): string {
    return this.#border.textOf(this.at(index))
  }

  isMissing(index: number): boolean {
    return this.#border.context.typeof(this.at(index)) === 'undefined'
  }

  /** Text or bytes. */
  data(index: number): string | Uint8Array {
    const handle = this.at(index)
    return this.#border.context.typeof(handle) === 'string'
      ? this.#border.textOf(handle)
      : this.#border.bytesOf(handle)
  }

  /** A plain value. */
  value(index: number): unknown {
    const json = this.#border.jsonOf(this.at(index))
    return json === undefined ? undefined : JSON.parse(json)
  }
}
