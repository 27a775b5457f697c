import type { Pairs, ResolvedRequest, SignContext } from '@ez/core'
import { utf8 } from '@ez/core/crypto'

/** A request as core would hand it to a signer. */
export function request(
  method: string,
  url: string,
  body: string | Uint8Array | null = null,
  headers: Pairs = [],
): ResolvedRequest {
  return { method, url, headers, body: typeof body === 'string' ? utf8(body) : body }
}

export const formHeaders: Pairs = [['content-type', 'application/x-www-form-urlencoded']]

/** A context with a fixed clock (seconds since 1970) and nonce. */
export function fixed(seconds: number | string, nonce: string): SignContext {
  return { now: () => new Date(Number(seconds) * 1000), nonce: () => nonce }
}
