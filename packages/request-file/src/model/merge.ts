import type { RequestValue } from './request-value.ts'

// Maps that are joined key by key; everything else is replaced as a whole.
const joined: readonly string[] = ['headers', 'query', 'variables', 'time', 'expect']
const lists: readonly string[] = ['secrets']

/** A request over what it inherits. Headers are matched without case. */
export function mergeRequests(base: RequestValue, own: RequestValue): RequestValue {
  const merged = new Map<string, unknown>(Object.entries(base))
  for (const [key, value] of Object.entries(own)) {
    const inherited = merged.get(key)
    if (joined.includes(key) && isMap(inherited) && isMap(value))
      merged.set(key, mergeMaps(inherited, value, key === 'headers'))
    else if (lists.includes(key) && Array.isArray(inherited) && Array.isArray(value))
      merged.set(key, [...inherited, ...value])
    else merged.set(key, value)
  }
  return Object.fromEntries(merged) as RequestValue
}

function mergeMaps(base: object, own: object, ignoreCase: boolean): object {
  const fold = (name: string): string => (ignoreCase ? name.toLowerCase() : name)
  const replaced = new Set(Object.keys(own).map(fold))
  // fromEntries defines own properties, so that a key such as __proto__ stays a key.
  return Object.fromEntries([
    ...Object.entries(base).filter(([name]) => !replaced.has(fold(name))),
    ...Object.entries(own),
  ])
}

const isMap = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
