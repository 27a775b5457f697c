import { stepError } from '../attempt/failure.ts'
import { EzError } from '../base/error.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { Signer } from '../contract/step.ts'
import type { FilledDraft } from '../outputs/fill-draft.ts'
import type { BodySources } from '../template/body-draft.ts'
import { checkHost } from '../wire/allowed-hosts.ts'
import type { WireBody } from '../wire/body.ts'
import { headerOf } from '../wire/header-of.ts'
import { addHeader } from '../wire/headers.ts'
import { wireMethod } from '../wire/method.ts'
import { resolvedRequest } from '../wire/resolved-request.ts'
import { checkBodySendable, checkTogether } from '../wire/sendable.ts'
import { checkUrlSendable, wireUrl } from '../wire/url.ts'

/** All of a request but its headers, in wire form. */
export interface RequestCore {
  readonly method: string
  readonly url: string
  readonly body: WireBody | null
}

/** What freezing asks of an attempt. */
export interface FreezeContext extends BodySources {
  readonly context: { readonly allowedHosts?: readonly string[] }
}

/** What scripts have read of a request, which is sent as it was read. */
export interface EarlierReading {
  /** `undefined` when nothing was read. */
  readonly core: RequestCore | undefined
  /** @throws EZ_CHANGED_AFTER_READ for a request with other headers than those that were read */
  check(request: ResolvedRequest): void
}

/**
 * Brings a request into wire form, read-only: what signers sign and what is sent.
 *
 * @throws EZ_URL_INVALID, EZ_URL_NOT_SENDABLE, EZ_HOST_NOT_ALLOWED, EZ_METHOD_INVALID, EZ_BODY_INVALID,
 * EZ_BODY_NOT_SENDABLE, EZ_HEADER_INVALID, EZ_HEADER_NOT_SENDABLE, EZ_CHANGED_AFTER_READ
 */
export function freeze(
  filled: FilledDraft,
  signers: readonly Signer[],
  context: FreezeContext,
  reading?: EarlierReading,
): ResolvedRequest {
  const core = reading?.core ?? freezeCore(filled, signers, context)
  const request = withHeaders(core, filled)
  reading?.check(request)
  return request
}

/** Brings method, URL and body into wire form. */
export function freezeCore(
  filled: FilledDraft,
  signers: readonly Signer[],
  context: FreezeContext,
): RequestCore {
  const url = frozenUrl(filled, signers, context.context.allowedHosts)
  const method = wireMethod(filled.method)
  if (filled.body === null) return { method, url, body: null }
  checkBodySendable(method)
  return { method, url, body: filled.body.write(filled.bodyTexts, context) }
}

/** Completes a request with headers in wire form. @throws EZ_HEADER_INVALID, EZ_HEADER_NOT_SENDABLE */
export function withHeaders(core: RequestCore, filled: FilledDraft): ResolvedRequest {
  const { method, url, body } = core
  const headers = frozenHeaders(filled, core)
  for (const pair of headers) Object.freeze(pair)
  return resolvedRequest(method, url, Object.freeze(headers), body?.body ?? null, body?.bodyLength)
}

/** The final URL, one string in wire form, after the signers' path rules. */
function frozenUrl(
  { head, query }: FilledDraft,
  signers: readonly Signer[],
  allowedHosts: readonly string[] | undefined,
): string {
  let url = wireUrl(head, query)
  for (const signer of signers) {
    const canonical = canonicalUrl(signer, url)
    if (canonical === url) continue
    checkUrlSendable(canonical)
    // As texts: an origin holds no user information. A query written behind a fragment would not be sent.
    if (!canonical.startsWith(url.slice(0, url.indexOf('/', 8) + 1)) || canonical.includes('#'))
      throw new EzError(
        'EZ_WRITE_UNDECLARED',
        `${signer.id}: its canonicalUrl may change path and query only.`,
      )
    url = canonical
  }
  checkHost(url, allowedHosts)
  return url
}

function canonicalUrl(signer: Signer, url: string): string {
  try {
    return signer.canonicalUrl?.(url) ?? url
  } catch (cause) {
    throw stepError(cause, 'EZ_SIGNER_FAILED', signer.id, 'signer')
  }
}

/** The headers in wire form, with the body's content type when the request sets none. */
function frozenHeaders(filled: FilledDraft, { method, body }: RequestCore): [string, string][] {
  const headers: [string, string][] = []
  for (const { name, value } of filled.headers) addHeader(headers, name, value)
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
