const segment = /\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]|([^.[\]]+)/g

/**
 * The value at a path of parsed JSON: `a.b[0].c`, or as eZintegrations writes it, `['items'][0]`.
 *
 * Own properties only; `undefined` when there is none.
 */
export function valueAt(value: unknown, path: string): unknown {
  let current = value
  for (const [, single, double, index, plain] of path.matchAll(segment)) {
    const key = single ?? double ?? index ?? plain
    if (key === undefined || typeof current !== 'object' || current === null || !Object.hasOwn(current, key))
      return undefined
    current = (current as Record<string, unknown>)[key]
  }
  return current
}
