import type { RequestValue } from '@ez/request-file'

// RFC 9110 section 9.2.2.
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])
// draft-ietf-httpapi-idempotency-key-header, and vendors' own: X-NetSuite-Idempotency-Key.
const keyHeader = /(?:^|-)idempotency-key$/i
// Made of job and row, or of the start of the job: the same when a row is sent again.
const steady: ReadonlySet<string> = new Set(['uuid', 'today', 'yesterday', 'min_time', 'max_time'])

/** Whether a request may be sent again although it may have arrived: by its method, or by a key that stays the same. */
export function isRepeatable(value: RequestValue): boolean {
  if (idempotent.has((value.method ?? 'GET').toUpperCase())) return true
  const { header, json } = value.idempotency ?? {}
  const headers = Array.isArray(value.headers) ? value.headers : Object.entries(value.headers ?? {})
  const keys: unknown[] = headers
    .filter(([name]) =>
      header === undefined ? keyHeader.test(name) : name.toLowerCase() === header.toLowerCase(),
    )
    .map(([, text]) => text)
  if (json !== undefined) keys.push(at(value.body?.json, json))
  return keys.some((key) => isSteady(key, value.variables ?? {}))
}

// A text without any token would be the same for all rows: the server would take them for one.
function isSteady(key: unknown, variables: Readonly<Record<string, unknown>>): boolean {
  if (typeof key !== 'string' || !/\{[{%]/.test(key)) return false
  for (const [, name = ''] of key.matchAll(/\{%\s*([\w.-]+)[^%]*%\}/g)) if (!steady.has(name)) return false
  for (const [, name = ''] of key.matchAll(/\{\{\s*([\w-]+)[^}]*\}\}/g)) {
    const held = variables[name]
    if (held !== undefined && JSON.stringify(held).includes('{%')) return false
  }
  return true
}

/** The value at `$.a.b`, or `a.b`. */
function at(value: unknown, path: string): unknown {
  let found = value
  for (const name of path.replace(/^\$\.?/, '').split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = (found as Record<string, unknown>)[name]
  }
  return found
}
