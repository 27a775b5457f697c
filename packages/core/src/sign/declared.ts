import type { ResolvedRequest } from '../contract/request.ts'
import type { Signer } from '../contract/step.ts'
import { withoutQuery } from '../wire/query.ts'
import { resolvedRequest } from '../wire/resolved-request.ts'

const declarations = new WeakMap<readonly string[], readonly string[]>()

/** The header names that a signer declares, in lower case. */
export function lowerCase(declared: readonly string[]): readonly string[] {
  const known = declarations.get(declared)
  if (known) return known
  const names = declared.map((name) => name.toLowerCase())
  declarations.set(declared, names)
  return names
}

/** The request without the headers and query names that a signer declares, so that signing again signs what is sent. */
export function withoutDeclared(request: ResolvedRequest, signer: Signer): ResolvedRequest {
  const { writes } = signer
  const { method, body, bodyLength } = request
  const names = lowerCase(writes.headers)
  const headers = request.headers.some(([name]) => names.includes(name))
    ? Object.freeze(request.headers.filter(([name]) => !names.includes(name)))
    : request.headers
  const url = writes.query.length === 0 ? request.url : withoutQuery(request.url, writes.query)
  return headers === request.headers && url === request.url
    ? request
    : resolvedRequest(method, url, headers, body, bodyLength)
}
