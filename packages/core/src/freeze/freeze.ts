import { encodeRfc3986 } from '@ez/core/crypto'
import type { Attempt } from '../attempt/attempt.ts'
import { stepFailed } from '../attempt/failure.ts'
import { EzError } from '../base/error.ts'
import type { Body, Pairs, ResolvedRequest } from '../contract/request.ts'
import type { Signer } from '../contract/step.ts'
import type { Runtime } from '../outputs/runtime-values.ts'
import type { Draft } from '../resolve/resolve-template.ts'
import type { WireBody } from '../template/body-draft.ts'
import { fill, fillIfKnown } from '../template/text.ts'
import { addHeader, headerOf, notSendable } from '../wire/headers.ts'
import { checkHost, checkSendable, wireUrl } from '../wire/url.ts'

/** What of a frozen request a script closes when it reads it; headers may still be added. */
export interface Frozen {
  readonly method: string
  readonly url: string
  readonly body: WireBody | null
}

const commonMethods: ReadonlySet<string> = new Set('GET POST PUT PATCH DELETE HEAD OPTIONS'.split(' '))
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

function canonicalUrl(signer: Signer, url: string): string {
  try {
    return signer.canonicalUrl?.(url) ?? url
  } catch (cause) {
    throw stepFailed(cause, 'EZ_SIGNER_FAILED', signer.id, 'signer')
  }
}

/** The final URL, one string in wire form, after the signers' path rules. */
function frozenUrl(draft: Draft, { runtime, signers, context }: Attempt, knownOnly: boolean): string {
  const head = fill(draft.head, runtime)
  let query = ''
  for (const entry of draft.query) {
    const pair =
      'raw' in entry
        ? fill(entry.raw, runtime)
        : `${encodeRfc3986(fill(entry.name, runtime))}=${encodeRfc3986(fill(entry.value, runtime))}`
    query += query === '' ? pair : `&${pair}`
  }
  // A place that stays open is told as such, not as a broken URL; and with it every other.
  if (runtime.lacking) {
    for (const text of draft.body?.texts ?? []) fill(text, runtime)
    if (!knownOnly) for (const { value } of draft.headers) fill(value, runtime)
  }
  runtime.check()
  let url = wireUrl(head, query)
  for (const signer of signers) {
    const canonical = canonicalUrl(signer, url)
    if (canonical === url) continue
    checkSendable(canonical)
    // As texts: an origin holds no user information. A query written behind a fragment would not be sent.
    if (!canonical.startsWith(url.slice(0, url.indexOf('/', 8) + 1)) || canonical.includes('#'))
      throw new EzError(
        'EZ_WRITE_UNDECLARED',
        `${signer.id}: its canonicalUrl may change path and query only.`,
      )
    url = canonical
  }
  checkHost(url, context.allowedHosts)
  return url
}

/** @throws EZ_BODY_NOT_SENDABLE for a method with which `fetch` sends no body */
export function checkBodySendable(method: string): void {
  if (method === 'GET' || method === 'HEAD')
    throw new EzError(
      'EZ_BODY_NOT_SENDABLE',
      `body: fetch sends no body with ${method}. Remove it, or use another method.`,
    )
}

/**
 * Method, URL and body in wire form. `knownOnly` says that headers may still wait for an output.
 *
 * @throws EZ_BODY_NOT_SENDABLE for a body with GET or HEAD
 */
export function freezeDraft(draft: Draft, attempt: Attempt, knownOnly: boolean): Frozen {
  const { runtime } = attempt
  const filled = fill(draft.method, runtime)
  const url = frozenUrl(draft, attempt, knownOnly)
  const method = wireMethod(filled)
  if (draft.body !== null) checkBodySendable(method)
  const texts = draft.body?.texts.map((text) => fill(text, runtime)) ?? []
  const body = draft.body?.write(texts, attempt) ?? null
  return { method, url, body }
}

/**
 * The headers in wire form, with the body's content type when the request sets none.
 *
 * `knownOnly` leaves out what still waits for an output.
 */
function frozenHeaders(
  draft: Draft,
  { method, body }: Frozen,
  runtime: Runtime,
  knownOnly: boolean,
): [string, string][] {
  const headers: [string, string][] = []
  for (const { name, value } of draft.headers) {
    const filled = knownOnly ? fillIfKnown(value, runtime) : fill(value, runtime)
    if (filled !== null) addHeader(headers, name, filled)
  }
  runtime.check()
  // Joining an empty value leaves a space at the edge, which fetch would trim.
  for (const pair of headers) if (pair[1].endsWith(' ') || pair[1].startsWith(' ')) pair[1] = pair[1].trim()
  if (body === null) {
    checkTogether(method, headers, null, undefined)
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
  checkTogether(method, headers, body.body, body.bodyLength)
  return headers
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

/** The whole request, read-only. `knownOnly` leaves out headers that still wait for an output. */
export function freeze(
  draft: Draft,
  attempt: Attempt,
  knownOnly = false,
  frozen: Frozen = freezeDraft(draft, attempt, knownOnly),
): ResolvedRequest {
  const { method, url, body } = frozen
  const headers = frozenHeaders(draft, frozen, attempt.runtime, knownOnly)
  for (const pair of headers) Object.freeze(pair)
  return readOnly(method, url, Object.freeze(headers), body?.body ?? null, body?.bodyLength)
}

/** A request that cannot be changed. */
export function readOnly(
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
