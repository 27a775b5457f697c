import type { ResolvedRequest } from '@ez/core'
import { receiveWhole } from '@ez/core/received'

/** A received request whose headers came once each. */
export interface Received {
  readonly method: string
  readonly url: URL
  readonly body: Uint8Array
  /** Names in lower case, values as they came. */
  readonly headers: ReadonlyMap<string, string>
}

/**
 * Reads a request whole, and refuses one in which a header came twice: the scheme signs each of them once.
 *
 * @throws EZ_AUTHORIZATION_AMBIGUOUS, and what `receiveWhole` throws
 */
export async function receiveSingle(
  request: Request | ResolvedRequest,
  calledUrl: string | undefined,
  maxBodyBytes: number,
): Promise<Received> {
  const received = await receiveWhole('verify azure-storage', request, calledUrl, maxBodyBytes)
  const headers = new Map(received.headers.map(([name]) => [name, received.header(name) ?? '']))
  return { method: received.method, url: received.url, body: received.body, headers }
}
