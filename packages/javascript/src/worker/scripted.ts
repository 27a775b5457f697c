/**
 * Parts of the host set that are classes, asynchronous, or filled for each run, as source that the engine compiles
 * before its image is taken. Each is a function of what the host gives it.
 */
export const scripted = {
  // `begin` fills in what a run is given; the host alone holds it.
  environment: `({ RealDate, context, request, fetch, ask }) => {
const { parse } = JSON
const { defineProperty, hasOwn } = Object
let now
const AttemptDate = new Proxy(RealDate, {
  apply: () => new RealDate(now).toString(),
  construct: (target, values, newTarget) => Reflect.construct(target, values.length === 0 ? [now] : values, newTarget),
})
RealDate.now = () => now
RealDate.prototype.constructor = AttemptDate
context.now = () => new AttemptDate()
const global = (name, value) =>
  defineProperty(globalThis, name, { configurable: true, enumerable: false, writable: true, value })
global('Date', AttemptDate)
return {
  begin(json) {
    const { variables, parameters, names, wanted, network, ...given } = parse(json)
    now = given.now
    for (const name of names)
      if (!hasOwn(variables, name))
        defineProperty(variables, name, { enumerable: true, configurable: true, get: () => ask(name) })
    Object.assign(context, { variables, parameters, wanted })
    global('variables', variables)
    global('parameters', parameters)
    if (!network) return
    context.fetch = fetch
    global('fetch', fetch)
  },
  load: (name) => import(name),
  async finish(exports, module) {
    const value = await exports
    if (module && typeof value.default === 'function') await value.default(request, context)
  },
}
}`,
  encoder: `(encode) => class TextEncoder {
  get encoding() { return 'utf-8' }
  encode(text = '') { return encode(String(text)) }
  encodeInto(text, target) {
    const bytes = encode(String(text))
    let written = Math.min(bytes.length, target.length)
    while ((bytes[written] & 0xc0) === 0x80) written -= 1
    target.set(bytes.subarray(0, written))
    // One UTF-16 unit for each first byte of a character, two above U+FFFF.
    let read = 0
    for (const byte of bytes.subarray(0, written)) read += (byte & 0xc0) === 0x80 ? 0 : byte < 0xf0 ? 1 : 2
    return { read, written }
  }
}`,
  decoder: `(decode) => class TextDecoder {
  #options
  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    this.#options = [String(label), fatal === true, ignoreBOM === true]
    decode(new ArrayBuffer(0), ...this.#options)
  }
  get encoding() { return this.#options[0].toLowerCase() }
  decode(data = new ArrayBuffer(0)) { return decode(data, ...this.#options) }
}`,
  searchParams: `({ pairsOf, textOf }) => {
const matches = (pair, name, value) => pair[0] === String(name) && (value === undefined || pair[1] === String(value))
return class URLSearchParams {
  #pairs
  #changed
  constructor(init = '', changed = () => {}) {
    if (init !== null && typeof init === 'object')
      this.#pairs = [...(typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init))]
        .map(([name, value]) => [String(name), String(value)])
    else this.#pairs = pairsOf(String(init))
    this.#changed = changed
  }
  get size() { return this.#pairs.length }
  append(name, value) { this.#pairs.push([String(name), String(value)]); this.#changed() }
  delete(name, value) { this.#pairs = this.#pairs.filter((pair) => !matches(pair, name, value)); this.#changed() }
  get(name) { return this.getAll(name)[0] ?? null }
  getAll(name) { return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1]) }
  has(name, value) { return this.#pairs.some((pair) => matches(pair, name, value)) }
  set(name, value) {
    const place = this.#pairs.findIndex((pair) => pair[0] === String(name))
    if (place < 0) return this.append(name, value)
    this.#pairs[place] = [String(name), String(value)]
    this.#pairs = this.#pairs.filter((pair, index) => index <= place || pair[0] !== String(name))
    this.#changed()
  }
  sort() {
    this.#pairs.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    this.#changed()
  }
  forEach(visit, self) { for (const [name, value] of this) visit.call(self, value, name, this) }
  *entries() { for (const [name, value] of this.#pairs) yield [name, value] }
  *keys() { for (const pair of this.#pairs) yield pair[0] }
  *values() { for (const pair of this.#pairs) yield pair[1] }
  [Symbol.iterator]() { return this.entries() }
  toString() { return textOf(this.#pairs) }
}
}`,
  url: `({ parse, change }) => {
let take
let put
class URL {
  #parts
  #searchParams
  static { take = (url, name) => url.#parts[name]; put = (url, name, value) => url.#put(name, value) }
  constructor(url, base) {
    this.#parts = base === undefined ? parse(String(url)) : parse(String(url), String(base))
    if (this.#parts === null) throw new TypeError('Invalid URL')
  }
  static canParse(url, base) { return URL.parse(url, base) !== null }
  static parse(url, base) { try { return new URL(url, base) } catch { return null } }
  #put(name, value) {
    const parts = change(this.#parts.href, name, value)
    if (parts === null) throw new TypeError('Invalid URL')
    this.#parts = parts
    if (name === 'search' || name === 'href') this.#searchParams = undefined
  }
  get searchParams() {
    this.#searchParams ??= new URLSearchParams(this.#parts.search, () => {
      this.#parts = change(this.#parts.href, 'search', this.#searchParams.toString())
    })
    return this.#searchParams
  }
  toString() { return this.#parts.href }
  toJSON() { return this.#parts.href }
}
for (const name of ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'])
  Object.defineProperty(URL.prototype, name, {
    configurable: true, enumerable: true,
    get() { return take(this, name) },
    set(value) { put(this, name, String(value)) },
  })
Object.defineProperty(URL.prototype, 'origin', { configurable: true, enumerable: true, get() { return take(this, 'origin') } })
return URL
}`,
  fetch: `({ send, take }) => async function fetch(resource, options = {}) {
  const given = options.headers ?? {}
  const headers = [...(typeof given[Symbol.iterator] === 'function' ? given : Object.entries(given))]
    .map(([name, value]) => [String(name), String(value)])
  let body = options.body ?? null
  if (body !== null && typeof body === 'object' && !(body instanceof ArrayBuffer) && !ArrayBuffer.isView(body)) {
    if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
      headers.push(['content-type', 'application/x-www-form-urlencoded;charset=UTF-8'])
    body = String(body)
  }
  const { id, ...answer } = JSON.parse(await send(String(resource), String(options.method ?? 'GET'), headers, body))
  const bytes = take(id)
  const find = (name) => answer.headers.find((pair) => pair[0] === String(name).toLowerCase())
  return {
    ok: answer.status >= 200 && answer.status < 300,
    status: answer.status,
    statusText: answer.statusText,
    url: answer.url,
    headers: {
      get: (name) => find(name)?.[1] ?? null,
      has: (name) => find(name) !== undefined,
      entries: () => answer.headers.values(),
      [Symbol.iterator]: () => answer.headers.values(),
    },
    text: async () => new TextDecoder().decode(bytes),
    json: async () => JSON.parse(new TextDecoder().decode(bytes)),
    bytes: async () => bytes.slice(),
    arrayBuffer: async () => bytes.slice().buffer,
  }
}`,
} as const
