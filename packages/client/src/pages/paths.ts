import { compilePath, isJsonPath, readPath } from '../base/json-path.ts'

const segment = /\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]|([^.[\]]+)/g

/**
 * The value at a path of parsed JSON: JSONPath when it begins with `$`; else `a.b[0].c`, or as eZintegrations writes
 * it, `['items'][0]`. A name that holds dots, such as `@odata.nextLink`, is tried whole first.
 *
 * Own properties only; `undefined` when there is none.
 */
export function valueAt(value: unknown, path: string): unknown {
  return isJsonPath(path) ? readPath(value, path) : walk(value, keysOf(value, path))
}

/**
 * Whether a path leads somewhere but for its last part, which servers leave out at the end of a list; a `null` on the
 * way counts as an end too.
 */
export function hasPlaceFor(value: unknown, path: string): boolean {
  if (isJsonPath(path)) {
    const parent = parentOf(path)
    return parent === undefined || compilePath(parent).query(value as never).length > 0
  }
  let current = value
  for (const key of keysOf(value, path).slice(0, -1)) {
    if (current === null) return true
    if (typeof current !== 'object' || !Object.hasOwn(current, key)) return false
    current = (current as Record<string, unknown>)[key]
  }
  return typeof current === 'object'
}

function keysOf(value: unknown, path: string): string[] {
  // Names of OData begin with an "@", hold a dot, and are left out at the end of the list.
  if (path.startsWith('@')) return [path]
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, path)) return [path]
  return [...path.matchAll(segment)].flatMap(([, single, double, index, plain]) => {
    const key = single ?? double ?? index ?? plain
    return key === undefined ? [] : [key]
  })
}

function walk(value: unknown, keys: readonly string[]): unknown {
  let current = value
  for (const key of keys) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined
    current = (current as Record<string, unknown>)[key]
  }
  return current
}

// `$.a.b` → `$.a`; `$['a']['b']` → `$['a']`; of any other path nothing is known.
function parentOf(path: string): string | undefined {
  return /^(\$.*?)(?:\.[\w-]+|\[(?:'[^']*'|"[^"]*")\])$/.exec(path)?.[1]
}
