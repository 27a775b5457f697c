import { EzError } from '../base/error.ts'
import type { Body } from '../contract/request.ts'
import { headerOf } from './header-of.ts'
import { notSendable } from './headers.ts'

/** @throws EZ_BODY_NOT_SENDABLE for a method with which `fetch` sends no body */
export function checkBodySendable(method: string): void {
  if (method === 'GET' || method === 'HEAD')
    throw new EzError(
      'EZ_BODY_NOT_SENDABLE',
      `body: fetch sends no body with ${method}. Remove it, or use another method.`,
    )
}

const dependent: ReadonlySet<string> = new Set(['content-length', 'range', 'accept-encoding'])

/** Whether one of the headers is sendable or not by what else the request holds; few are. */
export const dependsOnOthers = (headers: readonly (readonly [string, string])[]): boolean =>
  headers.some((pair) => dependent.has(pair[0]))

/**
 * What is sendable or not by what else the request holds.
 *
 * @throws EZ_HEADER_NOT_SENDABLE for a `content-length` that is not the body's or that `fetch` does not send, and for
 * `accept-encoding` beside `range`
 */
export function checkTogether(
  method: string,
  headers: readonly (readonly [string, string])[],
  body: Body | null,
  bodyLength: number | undefined,
): void {
  if (!dependsOnOthers(headers)) return
  const given = headerOf(headers, 'content-length')
  if (given !== undefined) {
    const length = body === null ? 0 : body instanceof Uint8Array ? body.length : bodyLength
    if (given !== String(length))
      throw notSendable(
        'content-length',
        `it says ${given}, and the body has ${length ?? 'an unknown number of'} bytes`,
      )
    if (length === 0 && method !== 'POST' && method !== 'PUT')
      throw notSendable('content-length', `fetch drops it with ${method} and an empty body`)
  }
  if (headerOf(headers, 'range') !== undefined && headerOf(headers, 'accept-encoding') !== undefined)
    throw notSendable('accept-encoding', 'fetch adds "identity" to it for a request with range')
}
