import type { Pairs, ResolvedRequest, SignContext } from '@ez/core'

/** A request as core would hand it to a signer. */
export function request(method: string, url: string, headers: Pairs = []): ResolvedRequest {
  return { method, url, headers, body: null }
}

/** A context with a fixed clock. */
export function at(date: string | number): SignContext {
  return { now: () => new Date(date), nonce: () => 'unused' }
}
