import type { PreparedRequest } from '@ez/core'
import type { Dispatcher } from 'undici'
import { requestHeaders } from './request-headers.ts'

/** A sealed request, as undici takes it; `body` is its bytes, or the parts of its stream. */
export function dispatchOptions(prepared: PreparedRequest, body: unknown): Dispatcher.DispatchOptions {
  const { method, url } = prepared
  // A sealed URL always has a path: "https://" and a host stand before it.
  const path = url.indexOf('/', 8)
  return {
    origin: url.slice(0, path),
    path: url.slice(path),
    method: method as Dispatcher.HttpMethod,
    headers: requestHeaders(prepared),
    body: body as Dispatcher.DispatchOptions['body'] & object,
    // The time limit is ours, of the whole attempt.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  } as Dispatcher.DispatchOptions
}
