/** The variable scopes of Postman, in the order in which they win. */
export const postmanScopes: string = `
const scopeNames = ['variables', 'iterationData', 'environment', 'collectionVariables', 'globals']
const written = (place, value) => {
  const json = value === undefined || typeof value === 'number' && !Number.isFinite(value) ? undefined : stringify(value)
  if (json === undefined) host('refuse', place + ': this value is none that a request can hold. Write a text.')
  return typeof value === 'object' && value !== null ? parse(json) : value
}
const changes = []
// Variables whose scope nobody knows belong to whichever is asked; a template's name may stand for one with spaces.
const pool = new Map(entries(given.shared ?? {}))
const templateName = (name) =>
  name.trim().replace(/[^\\p{L}\\p{N}_-]+/gu, '_').replace(/^(?=[\\p{N}-])/u, '_').replace(/^_+(?=\\p{L})/u, '')
const pooled = (key) => (pool.has(key) ? key : pool.has(templateName(key)) ? templateName(key) : undefined)
const ownValues = {}
const makeScope = (name, given, below) => {
  const own = new Map(entries(given))
  ownValues[name] = own
  const label = 'pm.' + name
  const layers = [own, ...below.map((one) => ownValues[one])]
  const find = (key) => {
    for (const layer of layers) if (layer.has(key)) return { value: layer.get(key) }
    const known = name === 'iterationData' ? undefined : pooled(key)
    return known === undefined ? undefined : { value: pool.get(known) }
  }
  const scope = {
    get name() { return scopeLabels[name] },
    has: (key) => find(toText(key)) !== undefined,
    get: (key) => find(toText(key))?.value,
    set: (key, value) => {
      const kept = written(label + ".set('" + toText(key) + "')", value)
      own.set(toText(key), kept)
      changes.push({ scope: name, name: toText(key), value: kept })
    },
    unset: (key) => {
      own.delete(toText(key))
      const known = pooled(toText(key))
      if (known !== undefined) pool.delete(known)
      changes.push({ scope: name, name: known ?? toText(key) })
    },
    clear: () => { for (const key of [...own.keys(), ...pool.keys()]) scope.unset(key) },
    toObject: () =>
      assign({}, name === 'iterationData' ? {} : Object.fromEntries(pool), ...[...layers].reverse().map((layer) => Object.fromEntries(layer))),
    toJSON: () => scope.toObject(),
    replaceIn: (value) => replaceIn(value, (key) => find(toText(key))?.value),
  }
  defineProperty(scope, 'values', {
    get: () => {
      const { VariableList } = requireFrom('')('postman-collection/lib/collection/variable-list')
      return new VariableList(null, entries(scope.toObject()).map(([key, value]) => ({ key, value })))
    },
  })
  return scope
}
const dynamic = {
  $guid: () => host('randomUUID'),
  $randomUUID: () => host('randomUUID'),
  $timestamp: () => toText(Math.floor(Date.now() / 1000)),
  $isoTimestamp: () => new Date().toISOString(),
  $randomInt: () => toText(Math.floor(host('random') * 1001)),
}
// As Postman does: the innermost braces first, again while something changes, 19 times at most.
const replaceOnce = (text, valueOf) =>
  text.replace(/\\{\\{([^{}]*?)\\}\\}/g, (all, key) => {
    const value = valueOf(key)
    if (value !== undefined) return typeof value === 'object' && value !== null ? stringify(value) : toText(value)
    if (hasOwn(dynamic, key)) return dynamic[key]()
    if (key.startsWith('$random')) host('refuse', "replaceIn('{{" + key + "}}'): this dynamic variable is not there.")
    return all
  })
const replaceIn = (value, valueOf) => {
  if (typeof value === 'object' && value !== null) return parse(replaceIn(stringify(value), valueOf))
  if (typeof value !== 'string') return value
  let text = value
  for (let pass = 0; pass < 19; pass += 1) {
    const next = replaceOnce(text, valueOf)
    if (next === text) break
    text = next
  }
  return text
}
`
