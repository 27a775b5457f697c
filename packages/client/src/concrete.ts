import type { ConcreteRequest } from '@ez/core'

/** Whether a value is a standard `Request`, of this copy of fetch or of another (npm's undici). */
export function isRequest(value: object): value is Request {
  return 'arrayBuffer' in value && typeof value.arrayBuffer === 'function'
}

/** A request as it stands, its body read whole; nothing in it is a token. */
export async function concreteOf(request: Request): Promise<ConcreteRequest> {
  return {
    method: request.method,
    url: request.url,
    headers: [...request.headers],
    body: request.body === null ? null : new Uint8Array(await request.arrayBuffer()),
  }
}
