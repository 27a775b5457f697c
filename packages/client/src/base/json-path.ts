import { EzError } from '@ez/core'
import { compile, type JSONPathQuery, type JSONValue } from 'json-p3'

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
  const found = query.query(value as JSONValue).values()
  if (found.length === 0) return undefined
  return query.singularQuery() ? found[0] : found
}

/** Whether a text is meant as JSONPath: it begins with `$`. */
export function isJsonPath(path: string): boolean {
  return path.startsWith('$')
}
