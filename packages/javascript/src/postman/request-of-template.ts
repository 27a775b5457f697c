import type { BodyTemplate, RequestTemplate, TemplateValue } from '@ez/core'
import { postmanText } from './tokens.ts'
import type { PostmanPair, PostmanRequest } from './types.ts'

/** A template as scripts of Postman see it. A body of bytes or files is not shown to them. */
export function requestOfTemplate({ method, url, query, headers, body }: RequestTemplate): PostmanRequest {
  const shown = body && bodyOf(body)
  return {
    method: postmanText(method),
    url: withQuery(postmanText(url), pairsOf(query)),
    header: pairsOf(headers).map(([key, value]) => ({ key, value })),
    ...(shown && { body: shown }),
  }
}

/** What a template with a JSON body sends as its type. */
export const jsonType: readonly [string, string] = ['content-type', 'application/json']

function withQuery(url: string, pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return url
  const text = pairs.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')
  return `${url}${url.includes('?') ? '&' : '?'}${text}`
}

const escaped = (text: string): string => text.replaceAll('&', '%26').replaceAll('#', '%23')

type Values = Record<string, TemplateValue> | readonly (readonly [string, TemplateValue])[]

function pairsOf(values: Values | undefined): [string, string][] {
  const entries = Array.isArray(values) ? values : Object.entries(values ?? {})
  return entries.flatMap(([name, value]: readonly [string, TemplateValue]) =>
    value === undefined ? [] : [[postmanText(name), postmanText(value === null ? '' : String(value))]],
  )
}

function bodyOf(body: BodyTemplate): PostmanRequest['body'] {
  if ('text' in body) return { mode: 'raw', raw: postmanText(body.text) }
  if ('json' in body) return { mode: 'raw', raw: postmanText(JSON.stringify(body.json) ?? '') }
  if ('form' in body)
    return { mode: 'urlencoded', urlencoded: pairsOf(body.form).map(([key, value]) => ({ key, value })) }
  if (!('multipart' in body)) return undefined
  const parts = body.multipart.flatMap(({ name, value }): PostmanPair[] =>
    typeof value === 'string' ? [{ key: postmanText(name), value: postmanText(value) }] : [],
  )
  return parts.length === body.multipart.length ? { mode: 'formdata', formdata: parts } : undefined
}
