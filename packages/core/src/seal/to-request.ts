import { EzError } from '../base/error.ts'
import type { ResolvedRequest } from '../contract/request.ts'

/**
 * A standard `Request` of a request in wire form, with `redirect: 'manual'`.
 *
 * @throws EZ_URL_NOT_SENDABLE, EZ_METHOD_INVALID, EZ_HEADER_NOT_SENDABLE when the runtime's `fetch` would send another URL,
 * method or header
 * @throws EZ_BODY_INVALID for a stream that was read
 */
export function toRequest(resolved: ResolvedRequest): Request {
  const { method, url, headers, body } = resolved
  const streamed = body !== null && !(body instanceof Uint8Array)
  let request: Request
  try {
    request = new Request(url, {
      method,
      headers: headers as [string, string][],
      redirect: 'manual',
      ...(body === null ? {} : { body: body as BodyInit }),
      ...(streamed ? { duplex: 'half' } : {}),
    } as RequestInit)
  } catch {
    // Without its cause, which may quote a header.
    throw streamed
      ? new EzError('EZ_BODY_INVALID', 'body: the stream was read before. Prepare the request anew.')
      : new EzError('EZ_PREPARE_FAILED', 'The fetch of this runtime refuses the request.')
  }
  // Bun tells a path that begins with two slashes as it is, and sends it with one.
  if (request.url !== url || ('Bun' in globalThis && new URL(url).pathname.startsWith('//')))
    throw new EzError('EZ_URL_NOT_SENDABLE', 'url: the fetch of this runtime would send another URL.')
  if (request.method !== method)
    throw new EzError('EZ_METHOD_INVALID', 'method: the fetch of this runtime would send another one.')
  for (const [name, value] of headers)
    if (request.headers.get(name) !== value)
      throw new EzError(
        'EZ_HEADER_NOT_SENDABLE',
        `headers.${name}: the fetch of this runtime drops or changes this header.`,
      )
  return request
}
