import { EzError } from '@ez/core'
import { compile, JSONPathQuery, type JSONValue } from 'json-p3'

/**
 * Compiles a JSONPath (RFC 9535).
 *
 * @throws EZ_FLOW_INVALID with what is wrong with it
 */
export function compilePath(path: string): JSONPathQuery {
  try {
    return compile(path)
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new EzError('EZ_FLOW_INVALID', `${JSON.stringify(path)} is no JSONPath: ${problem}.`, { cause })
  }
}

/** What stands at a JSONPath: one value of a path to one place, else a list; `undefined` when nothing does. */
export function readPath(value: unknown, path: string): unknown {
  const query = compilePath(path)
  const found = valuesAt(query, value)
  if (found.length === 0) return undefined
  return query.singularQuery() ? found[0] : found
}

/**
 * Whether a path to many places finds none of them although the place that it starts from is there: `$.items[*]` of an
 * empty list, `$.items[?@.open]` of a list without an open item.
 */
export function leadsToNone(value: unknown, path: string): boolean {
  const { environment, segments } = compilePath(path)
  let parent = new JSONPathQuery(environment, [])
  for (const [index] of segments.entries()) {
    const next = new JSONPathQuery(environment, segments.slice(0, index + 1))
    if (!next.singularQuery()) {
      const [start] = valuesAt(parent, value)
      return typeof start === 'object' && start !== null
    }
    parent = next
  }
  return false
}

/**
 * All values that a path finds.
 *
 * @throws EZ_RESPONSE_UNREADABLE for what is nested too deeply to be searched
 */
export function valuesAt(query: JSONPathQuery, value: unknown): unknown[] {
  try {
    return query.query(value as JSONValue).values()
  } catch (cause) {
    throw new EzError(
      'EZ_RESPONSE_UNREADABLE',
      `${query.toString()} cannot be read: the answer is nested too deeply.`,
      { cause },
    )
  }
}

/** Whether a text is meant as JSONPath: it begins with `$`. */
export function isJsonPath(path: string): boolean {
  return path.startsWith('$')
}
