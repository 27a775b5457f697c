import { EzError } from '../base/error.ts'
import type { ConcreteRequest } from '../contract/request.ts'
import { type BodyDraft, bytesBody, streamBody, textBody } from '../template/body-draft.ts'
import type { Draft, HeaderEntry } from '../template/draft.ts'
import { pairsOf } from '../values/pairs.ts'
import { isStream } from '../wire/body.ts'
import { literalUrl } from '../wire/url.ts'

/** A request in which nothing is a token. */
export function concreteDraft(request: ConcreteRequest): Draft {
  if (typeof request?.method !== 'string' || typeof request.url !== 'string')
    throw new EzError('EZ_TEMPLATE_INVALID', 'The request needs a method and a url, both strings.')
  const { head, query } = literalUrl(request.url)
  const { body } = request
  return {
    method: request.method,
    head,
    query: query.map((raw) => ({ raw })),
    headers: concreteHeaders(request.headers),
    body: concreteBody(body, request.bodyLength),
  }
}

function concreteHeaders(given: ConcreteRequest['headers']): HeaderEntry[] {
  const headers: HeaderEntry[] = []
  for (const [name, value] of pairsOf<string | undefined>(given, 'headers')) {
    if (value === undefined) continue
    if (typeof value !== 'string')
      throw new EzError('EZ_HEADER_INVALID', `headers.${name}: the value must be a string.`)
    headers.push({ name, value })
  }
  return headers
}

function concreteBody(body: ConcreteRequest['body'], length: number | undefined): BodyDraft | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string') return textBody(body, '')
  if (body instanceof Uint8Array) return bytesBody(body, '')
  if (isStream(body)) return streamBody(() => body, length, '')
  throw new EzError('EZ_BODY_INVALID', 'body: it must be a string, a Uint8Array, a ReadableStream or null.')
}
