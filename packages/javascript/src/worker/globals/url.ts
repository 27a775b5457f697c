/** `URLSearchParams` and `URL`. Source: WHATWG URL; the host parses. */
export const url: string = `({ host, entries, stringify, toText, accessor }) => {
const matches = (pair, name, value) => pair[0] === toText(name) && (value === undefined || pair[1] === toText(value))
class URLSearchParams {
  #pairs
  #changed
  constructor(init = '', changed = () => {}) {
    if (init !== null && typeof init === 'object')
      this.#pairs = [...(typeof init[Symbol.iterator] === 'function' ? init : entries(init))]
        .map(([name, value]) => [toText(name), toText(value)])
    else this.#pairs = host('queryPairs', toText(init))
    this.#changed = changed
  }
  get size() { return this.#pairs.length }
  append(name, value) { this.#pairs.push([toText(name), toText(value)]); this.#changed() }
  delete(name, value) { this.#pairs = this.#pairs.filter((pair) => !matches(pair, name, value)); this.#changed() }
  get(name) { return this.getAll(name)[0] ?? null }
  getAll(name) { return this.#pairs.filter((pair) => pair[0] === toText(name)).map((pair) => pair[1]) }
  has(name, value) { return this.#pairs.some((pair) => matches(pair, name, value)) }
  set(name, value) {
    const place = this.#pairs.findIndex((pair) => pair[0] === toText(name))
    if (place < 0) return this.append(name, value)
    this.#pairs[place] = [toText(name), toText(value)]
    this.#pairs = this.#pairs.filter((pair, index) => index <= place || pair[0] !== toText(name))
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
  toString() { return host('queryText', stringify(this.#pairs)) }
}
let take
let put
class URL {
  #parts
  #searchParams
  static { take = (url, name) => url.#parts[name]; put = (url, name, value) => url.#put(name, value) }
  constructor(url, base) {
    this.#parts = host('parseUrl', toText(url), base === undefined ? undefined : toText(base))
    if (this.#parts === null) throw new TypeError('Invalid URL')
  }
  static canParse(url, base) { return URL.parse(url, base) !== null }
  static parse(url, base) { try { return new URL(url, base) } catch { return null } }
  #put(name, value) {
    const parts = host('changeUrl', this.#parts.href, name, value)
    if (parts === null) throw new TypeError('Invalid URL')
    this.#parts = parts
    if (name === 'search' || name === 'href') this.#searchParams = undefined
  }
  get searchParams() {
    this.#searchParams ??= new URLSearchParams(this.#parts.search, () => {
      this.#parts = host('changeUrl', this.#parts.href, 'search', this.#searchParams.toString())
    })
    return this.#searchParams
  }
  toString() { return this.#parts.href }
  toJSON() { return this.#parts.href }
}
for (const name of ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'])
  accessor(URL.prototype, name, function () { return take(this, name) }, function (value) { put(this, name, toText(value)) })
accessor(URL.prototype, 'origin', function () { return take(this, 'origin') })
const hrefOf = (value) => (value instanceof URL ? value.href : value)
return { URL, URLSearchParams, hrefOf }
}`
