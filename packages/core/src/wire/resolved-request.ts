import type { Body, Pairs, ResolvedRequest } from '../contract/request.ts'

/** A request that cannot be changed. */
export function resolvedRequest(
  method: string,
  url: string,
  headers: Pairs,
  body: Body | null,
  bodyLength: number | undefined,
): ResolvedRequest {
  return Object.freeze(
    bodyLength === undefined ? { method, url, headers, body } : { method, url, headers, body, bodyLength },
  )
}
