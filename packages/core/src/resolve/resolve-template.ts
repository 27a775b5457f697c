import { EzError } from '../base/error.ts'
import type { ConcreteRequest, RequestTemplate, TemplateValue } from '../contract/request.ts'
import { type BodyDraft, bytesBody, isStream, streamBody, textBody } from '../template/body-draft.ts'
import { resolveText, type Text } from '../template/text.ts'
import { pairsOf, scalarText } from '../values/pairs.ts'
import { literalUrl } from '../wire/url.ts'
import { resolveBody } from './body.ts'
import { resolveUrl } from './url.ts'
import type { Scope } from './variables.ts'

/** A pair of the query: a segment in wire form, as the URL holds it, or a name and a value to be encoded. */
export type QueryEntry = { readonly raw: Text } | { readonly name: Text; readonly value: Text }

/** A header, in the writer's own case. */
export interface HeaderEntry {
  readonly name: string
  readonly value: Text
}

/** The request between `resolve` and `freeze`: variables are resolved, outputs may still be open. */
export interface Draft {
  method: Text
  /** Scheme, host and path in wire form. */
  head: Text
  query: QueryEntry[]
  headers: HeaderEntry[]
  body: BodyDraft | null
}

/** Resolves the variables and time tokens of a template. */
export function resolveTemplate(template: RequestTemplate, scope: Scope): Draft {
  if (typeof template?.method !== 'string' || typeof template.url !== 'string')
    throw new EzError('EZ_TEMPLATE_INVALID', 'The template needs a method and a url, both strings.')
  const url = resolveUrl(template.url, scope)
  const query: QueryEntry[] = url.query.map((raw) => ({ raw }))
  for (const [name, value] of pairsOf<TemplateValue>(template.query, 'query')) {
    if (value === undefined) continue
    const place = `query.${name}`
    query.push({
      name: resolveText(name, 'query', scope),
      value:
        typeof value === 'string'
          ? resolveText(value, place, scope)
          : scalarText(value, place, (secret) => scope.conceal(secret)),
    })
  }
  const headers: HeaderEntry[] = []
  for (const [name, value] of pairsOf<string | undefined>(template.headers, 'headers')) {
    if (value === undefined) continue
    const place = `headers.${name}`
    const resolvedName = resolveText(name, 'headers', scope)
    if (typeof value !== 'string' || typeof resolvedName !== 'string')
      throw new EzError(
        'EZ_HEADER_INVALID',
        `${place}: the value must be a string, and the name known before scripts run.`,
      )
    headers.push({ name: resolvedName, value: resolveText(value, place, scope) })
  }
  return {
    method: resolveText(template.method, 'method', scope),
    head: url.head,
    query,
    headers,
    body: template.body === undefined || template.body === null ? null : resolveBody(template.body, scope),
  }
}

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
