// @ts-check
// Closes the doors of Node that the permission model and `--disallow-code-generation-from-strings` leave open. Python
// has no way to JavaScript by design; all this is for the day somebody finds one.
import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/** @returns {never} */
function refuse() {
  throw new Error('not available to scripts')
}

/**
 * @param {object} target
 * @param {string} name
 * @param {unknown} value
 */
function pin(target, name, value) {
  Object.defineProperty(target, name, { value, writable: false, configurable: false })
}

/**
 * Before Node 25 the permission model leaves the network open: every connection, datagram and name look-up goes
 * through one of these.
 */
export function closeNetwork() {
  for (const name of ['connect', '_read', '_write', '_writev']) pin(net.Socket.prototype, name, refuse)
  for (const name of ['listen', '_listen2']) pin(net.Server.prototype, name, refuse)
  for (const name of ['bind', 'connect', 'send', 'sendto']) pin(dgram.Socket.prototype, name, refuse)
  for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
    for (const name of Object.getOwnPropertyNames(owner)) {
      const property = Object.getOwnPropertyDescriptor(owner, name)
      if (typeof property?.value === 'function' && name !== 'constructor' && property.configurable)
        pin(owner, name, refuse)
    }
  for (const name of Object.keys(childProcess)) Reflect.set(childProcess, name, refuse)
  syncBuiltinESMExports()
}

/**
 * The clock and the randomness of the run, underneath Python: C code reads `Date.now` and `randomFillSync`.
 *
 * @returns {{ setClock(milliseconds: number): void, setSeed(seed: string | null): void }}
 */
export function pinSources() {
  const systemNow = Date.now
  const randomFill = crypto.randomFillSync
  const { createHash } = crypto
  /** @type {number | undefined} */
  let clock
  /** @type {string | null} */
  let seed = null
  let block = 0
  pin(Date, 'now', () => clock ?? systemNow())
  crypto.randomFillSync = /** @type {typeof crypto.randomFillSync} */ (
    /** @param {Uint8Array} view */ (view) => {
      if (seed === null) return randomFill(view)
      for (let position = 0; position < view.length; position += 32) {
        const digest = createHash('sha256').update(`${seed} ${block}`).digest()
        block += 1
        view.set(digest.subarray(0, Math.min(32, view.length - position)), position)
      }
      return view
    }
  )
  return {
    setClock(milliseconds) {
      // One step up: nanoseconds are counted from this in floating point, and Python cuts off what is below a
      // microsecond. Every third instant would come out one too low.
      clock = milliseconds + 2 ** (Math.floor(Math.log2(Math.max(1, milliseconds))) - 52)
    },
    setSeed(value) {
      seed = value
      block = 0
    },
  }
}

/** Caps the memory of the interpreter: its heap grows by this one call. */
export function limitMemory() {
  const grow = WebAssembly.Memory.prototype.grow
  let limit = Number.POSITIVE_INFINITY
  pin(
    WebAssembly.Memory.prototype,
    'grow',
    /**
     * @this {WebAssembly.Memory}
     * @param {number} pages
     */
    function (pages) {
      if (this.buffer.byteLength + pages * 65536 > limit) throw new RangeError('the memory limit is reached')
      return grow.call(this, pages)
    },
  )
  return {
    /** @param {number} bytes */
    setLimit(bytes) {
      limit = bytes
    },
  }
}

/**
 * Pyodide boots under the permission model only when `process.binding('constants')` answers.
 */
export function shimBinding() {
  const { constants } = fs
  pin(process, 'binding', (/** @type {string} */ name) =>
    name === 'constants' ? { fs: constants } : refuse(),
  )
}

/**
 * Node opens a standard stream when somebody first names it, and then the pipe no longer blocks: a read with nothing
 * to read fails, and would have to be tried again and again. Pyodide names all three, for their numbers alone.
 */
export function plainStreams() {
  for (const [fd, name] of ['stdin', 'stdout', 'stderr'].entries()) pin(process, name, Object.freeze({ fd }))
}

// What the language itself gives, and what Pyodide calls while a script runs.
const kept = new Set([
  ...[
    'Object',
    'Function',
    'Array',
    'Number',
    'parseFloat',
    'parseInt',
    'Infinity',
    'NaN',
    'undefined',
    'Boolean',
  ],
  ...['String', 'Symbol', 'Date', 'Promise', 'RegExp', 'Error', 'AggregateError', 'EvalError', 'RangeError'],
  ...[
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
    'globalThis',
    'JSON',
    'Math',
    'Intl',
    'ArrayBuffer',
  ],
  ...['Atomics', 'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array'],
  ...[
    'Float32Array',
    'Float64Array',
    'Uint8ClampedArray',
    'BigUint64Array',
    'BigInt64Array',
    'DataView',
    'Map',
  ],
  ...[
    'BigInt',
    'Set',
    'WeakMap',
    'WeakSet',
    'WeakRef',
    'Proxy',
    'Reflect',
    'FinalizationRegistry',
    'Iterator',
  ],
  ...['SharedArrayBuffer', 'isFinite', 'isNaN', 'decodeURI', 'decodeURIComponent', 'encodeURI'],
  ...['encodeURIComponent', 'escape', 'unescape', 'WebAssembly', 'TextDecoder', 'TextEncoder', 'performance'],
])

const quiet = Object.freeze(
  Object.fromEntries(
    ['log', 'info', 'warn', 'error', 'debug', 'trace'].map((name) => [name, () => undefined]),
  ),
)

/** Empties the environment and removes from the global object what is not the language's own. */
export function stripGlobals() {
  for (const name of Object.keys(process.env)) delete process.env[name]
  const process_ = process
  for (const name of Object.getOwnPropertyNames(globalThis))
    if (!kept.has(name)) Reflect.deleteProperty(globalThis, name)
  pin(globalThis, 'console', quiet)
  // A closed stand-in: Pyodide asks for the platform and the exit code, nothing else.
  pin(
    globalThis,
    'process',
    Object.freeze({
      platform: process_.platform,
      versions: Object.freeze({ node: process_.versions.node }),
      argv: [],
    }),
  )
}
