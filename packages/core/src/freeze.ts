import { encodeRfc3986 } from '@ez/core/crypto'
import { type BodyDraft, type WireBody, wireBody } from './body.ts'
import type { Draft } from './draft.ts'
import { EzError } from './error.ts'
import { headerOf, wireHeaders } from './headers.ts'
import type { ResolvedRequest } from './request.ts'
import type { Runtime } from './runtime.ts'
import type { Signer } from './step.ts'
import { fill, fillIfKnown } from './text.ts'
import { checkHost, checkSendable, wireUrl } from './wire-url.ts'

/** What freezing needs besides the draft. */
export interface FreezeOptions {
  readonly runtime: Runtime
  /** Their `canonicalUrl` decides the path that is sent. */
  readonly signers: readonly Signer[]
  readonly allowedHosts: readonly string[] | undefined
  /** Gives the boundary of `multipart/form-data`. */
  readonly attempt: { boundary(): string }
}

const commonMethods: ReadonlySet<string> = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
])
const methodPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** The method in upper case. @throws EZ_METHOD_INVALID for one that `fetch` does not send */
export function wireMethod(method: string): string {
  if (commonMethods.has(method)) return method
  const upper = method.toUpperCase()
  if (!methodPattern.test(method) || upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK')
    throw new EzError(
      'EZ_METHOD_INVALID',
      `method: ${JSON.stringify(method)} is not a method that fetch sends.`,
    )
  return upper
}

/** The final URL, one string in wire form, after the signers' path rules. */
export function frozenUrl(draft: Draft, { runtime, signers, allowedHosts }: FreezeOptions): string {
  let query = ''
  for (const entry of draft.query) {
    const pair =
      'raw' in entry
        ? fill(entry.raw, runtime)
        : `${encodeRfc3986(fill(entry.name, runtime))}=${encodeRfc3986(fill(entry.value, runtime))}`
    query += query === '' ? pair : `&${pair}`
  }
  const head = fill(draft.head, runtime)
  // A place that stays open is told as such, not as a broken URL.
  runtime.check()
  let url = wireUrl(head, query)
  for (const signer of signers) {
    const canonical = signer.canonicalUrl?.(url) ?? url
    if (canonical === url) continue
    checkSendable(canonical)
    if (new URL(canonical).origin !== new URL(url).origin)
      throw new EzError(
        'EZ_WRITE_UNDECLARED',
        "A signer's canonicalUrl changed the host. It may change path and query only.",
      )
    url = canonical
  }
  checkHost(url, allowedHosts)
  return url
}

/** The body in wire form. @throws EZ_BODY_NOT_SENDABLE for a body with GET or HEAD */
export function frozenBody(method: string, body: BodyDraft | null, options: FreezeOptions): WireBody | null {
  if (body === null) return null
  if (method === 'GET' || method === 'HEAD')
    throw new EzError(
      'EZ_BODY_NOT_SENDABLE',
      `body: fetch sends no body with ${method}. Remove it, or use another method.`,
    )
  return wireBody(body, options.runtime, options.attempt)
}

/**
 * The headers in wire form, with the body's content type when the request sets none.
 *
 * `knownOnly` leaves out what still waits for an output.
 */
export function frozenHeaders(
  draft: Draft,
  body: WireBody | null,
  { runtime }: FreezeOptions,
  knownOnly: boolean,
): [string, string][] {
  const pairs: [string, string][] = []
  for (const { name, value } of draft.headers) {
    const filled = knownOnly ? fillIfKnown(value, runtime) : fill(value, runtime)
    if (filled !== null) pairs.push([name, filled])
  }
  runtime.check()
  const headers = wireHeaders(pairs)
  if (body === null) {
    checkLength(headers, 0)
    return headers
  }
  const contentType = headerOf(headers, 'content-type')
  if (contentType === undefined) {
    if (body.contentType !== '') headers.push(['content-type', body.contentType])
  } else if (body.contentType.startsWith('multipart/') && contentType !== body.contentType)
    throw new EzError(
      'EZ_HEADER_INVALID',
      'headers.content-type: a multipart body sets its own, with the boundary. Leave it out.',
    )
  checkLength(headers, body.body instanceof Uint8Array ? body.body.length : body.bodyLength)
  return headers
}

function checkLength(headers: readonly (readonly [string, string])[], length: number | undefined): void {
  const given = headerOf(headers, 'content-length')
  if (given !== undefined && given !== String(length))
    throw new EzError(
      'EZ_HEADER_NOT_SENDABLE',
      `headers.content-length: it says ${given}, and the body has ${length ?? 'an unknown number of'} bytes. Leave it out.`,
    )
}

/** A read-only request. */
export function sealRequest(
  method: string,
  url: string,
  headers: [string, string][],
  body: WireBody | null,
): ResolvedRequest {
  for (const pair of headers) Object.freeze(pair)
  const request =
    body?.bodyLength === undefined
      ? { method, url, headers: Object.freeze(headers), body: body === null ? null : body.body }
      : { method, url, headers: Object.freeze(headers), body: body.body, bodyLength: body.bodyLength }
  return Object.freeze(request)
}

/** Freezes a draft whole. */
export function freeze(draft: Draft, options: FreezeOptions): ResolvedRequest {
  const method = wireMethod(fill(draft.method, options.runtime))
  const url = frozenUrl(draft, options)
  const body = frozenBody(method, draft.body, options)
  const headers = frozenHeaders(draft, body, options, false)
  options.runtime.check()
  return sealRequest(method, url, headers, body)
}
