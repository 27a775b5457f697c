/** `request`, `context`, `publish`, `variables`, `parameters`, and the functions that start a run and wait for its end. */
export const request: string = `
const pairs = (list) => {
  const all = () => host('entries', list).values()
  return {
    get: (name) => host('get', list, toText(name)),
    has: (name) => host('get', list, toText(name)) !== null,
    set: (name, value) => host('set', list, name, value),
    append: (name, value) => host('append', list, name, value),
    delete: (name) => host('delete', list, name),
    entries: all,
    [Symbol.iterator]: all,
  }
}
// One reading of each member: a getter may give something else the next time.
const bodyOf = (body) => {
  if (body === null) return ['none']
  if (typeof body === 'object') {
    const { json } = body
    if (json !== undefined) return ['json', stringify(json)]
    const { text } = body
    if (text !== undefined) return ['text', text]
    const { form } = body
    if (form !== undefined) return ['form', stringify(form)]
    const { bytes } = body
    if (bytes !== undefined) return ['bytes', data(bytes)]
    const { multipart } = body
    if (multipart !== undefined) return ['multipart', multipart]
  }
  throw new TypeError('setBody: give { json }, { text }, { form }, { bytes }, { multipart } or null')
}
const setBody = (body) => {
  const [kind, value] = bodyOf(body)
  if (kind !== 'multipart') return void host('body', kind, value)
  const { length } = value
  if (!(length <= 1000)) throw new TypeError('setBody: multipart must be a list of at most 1000 parts')
  host('body', 'parts')
  for (let index = 0; index < length; index += 1) {
    const { name, value: content, filename, contentType } = value[index]
    host('part', name, content === undefined ? '' : data(content), filename, contentType)
  }
  host('body', 'multipart')
}
const bodyBytes = () => host('bodyBytes')
const bodyText = () => host('bodyText')
const request = {
  query: pairs('query'),
  headers: pairs('headers'),
  body: { bytes: bodyBytes, text: bodyText, json: () => parse(bodyText()) },
  setBody,
  resolved: () => {
    const read = host('resolved')
    return { ...read, body: read.body ? bodyBytes() : null }
  },
}
const textOfUrl = (value) => (typeof value === 'object' && loaded.url !== undefined ? loaded.url.hrefOf(value) : value)
accessor(request, 'method', () => host('method'), (value) => host('setMethod', value))
accessor(request, 'url', () => host('url'), (value) => host('setUrl', textOfUrl(value)))
const publish = (name, value) => {
  const json = stringify(value)
  if (json === undefined) return void host('refuse', 'publish(' + shown(name) + '): this value has no JSON form.')
  host('publish', name, json)
}
const RealDate = Date
const context = {
  publish,
  log: print,
  runtime: (name) => host('runtime', toText(name)),
  nonce: () => host('nonce'),
  now: () => new RealDate(),
}
global('request', request)
global('context', context)
global('publish', publish)

// Names that the language itself asks an object for.
const unasked = ['then', 'toJSON']
const variablesOf = (known, names) => {
  for (const name of names)
    if (!hasOwn(known, name))
      defineProperty(known, name, { enumerable: true, configurable: true, get: () => host('variable', name) })
  const get = (name, fallback) => (hasOwn(known, name) ? known[name] : fallback)
  return new Proxy(known, {
    get(target, name, receiver) {
      if (typeof name === 'symbol' || hasOwn(target, name)) return reflectGet(target, name, receiver)
      if (name === 'get') return get
      if (name in target || unasked.includes(name)) return reflectGet(target, name, receiver)
      return host('missing', name)
    },
  })
}
const begin = (json) => {
  const { variables, parameters, names, wanted, network } = parse(json)
  const own = variablesOf(variables, names)
  assign(context, { variables: own, parameters, wanted })
  global('variables', own)
  global('parameters', parameters)
  if (!network) return
  context.fetch = part('fetch').fetch
  global('fetch', context.fetch)
}
const finish = async (exports, module) => {
  const value = await exports
  if (module && typeof value.default === 'function') await value.default(request, context)
}
const settle = (id, json, bytes) => part('fetch').settle(id, json, bytes)
lazy('TextEncoder', 'codec')
lazy('TextDecoder', 'codec')
lazy('URL', 'url')
lazy('URLSearchParams', 'url')
const beginPostman = (json) => part('postman')(json)
return { beginPostman, parse, stringify, error: makeError, begin, finish, settle }
`
