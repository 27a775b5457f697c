import { type ConcreteRequest, EzError } from '@ez/core'
import { unlessAborted } from '../base/abort.ts'

/** Whether a value is a standard `Request`, of this copy of fetch or of another (npm's undici). */
export function isRequest(value: unknown): value is Request {
  return (
    typeof value === 'object' &&
    value !== null &&
    'arrayBuffer' in value &&
    typeof value.arrayBuffer === 'function' &&
    // A Response and a Blob have a body too.
    'method' in value
  )
}

/**
 * A request as it stands, its body read whole; nothing in it is a token.
 *
 * @throws EZ_BODY_INVALID when the body was read already, or breaks off
 * @throws EZ_ABORTED
 */
export async function concreteOf(
  request: Request,
  signal: AbortSignal | undefined = request.signal,
): Promise<ConcreteRequest> {
  const { method, url, headers } = request
  return { method, url, headers: [...headers], body: await bodyOf(request, signal) }
}

async function bodyOf(request: Request, signal: AbortSignal | undefined): Promise<Uint8Array | null> {
  if (request.body === null) return null
  try {
    return new Uint8Array(await unlessAborted(request.arrayBuffer(), signal))
  } catch (cause) {
    if (EzError.isInstance(cause)) throw cause
    throw new EzError(
      'EZ_BODY_INVALID',
      'The body of the Request cannot be read: it was read already, or its stream broke off. Give a fresh Request.',
      { cause },
    )
  }
}
