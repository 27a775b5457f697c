/**
 * What all globals stand on. The globals of the sandbox are source that the engine runs before the script: one function of `host`, by which they
 * call functions of the host by name. `host` itself never leaves it. What they stand on is taken here, before a script
 * can patch it.
 */
export const prelude: string = `
const { parse, stringify } = JSON
const { defineProperty, hasOwn, entries, keys, assign } = Object
const { apply, construct, get: reflectGet } = Reflect
const { isView } = ArrayBuffer
const toText = String
const Bytes = Uint8Array
const sliceBuffer = ArrayBuffer.prototype.slice
const errors = { TypeError, RangeError, SyntaxError }
const global = (name, value) =>
  defineProperty(globalThis, name, { configurable: true, enumerable: false, writable: true, value })
const accessor = (object, name, get, set) =>
  defineProperty(object, name, { configurable: true, enumerable: true, get, set })
// Text or bytes, as the host takes them.
const data = (value) => {
  if (typeof value === 'string') return value
  if (value instanceof ArrayBuffer) return value
  if (isView(value)) return apply(sliceBuffer, value.buffer, [value.byteOffset, value.byteOffset + value.byteLength])
  throw new TypeError('the data must be text or bytes')
}
// Parts that few scripts use are defined when one asks for them.
const loaded = {}
const part = (name) => (loaded[name] ??= host('globals', name)(tools))
const lazy = (name, partName) =>
  defineProperty(globalThis, name, {
    configurable: true,
    enumerable: false,
    get: () => part(partName)[name],
    set: (value) => global(name, value),
  })
const overwrite = (view, bytes) => new Bytes(view.buffer, view.byteOffset, view.byteLength).set(bytes)
const makeError = (name, message) => {
  const error = new (errors[name] ?? Error)(message)
  if (error.name !== name) error.name = name
  return error
}
// What console.log writes: texts as they are, errors by their message, anything else as JSON.
const shown = (value) => {
  if (typeof value === 'symbol') return 'Symbol()'
  if (typeof value !== 'object' || value === null || typeof value.stack === 'string') return toText(value)
  try {
    return stringify(value) ?? toText(value)
  } catch {
    return toText(value)
  }
}
const print = (...values) => {
  let line = ''
  for (let index = 0; index < values.length; index += 1) line += (index === 0 ? '' : ' ') + shown(values[index])
  host('log', line)
}
const tools = {
  host, parse, stringify, entries, toText, isView, data, accessor, part, global, print, apply, defineProperty, hasOwn, assign,
}
`
