import type { PreparedRequest } from '@ez/core'
import { requestFileText } from '@ez/request-file'
import type { Input } from '../read/read-input.ts'
import type { Subject } from './explain.ts'

/** The forms in which a request can be copied. */
export const copyForms = {
  curl: 'cURL',
  fetch: 'fetch',
  http: 'raw HTTP',
  file: 'request file',
  command: 'ez command',
} as const

export type CopyForm = keyof typeof copyForms

/** A request in another form. A request that was signed stays signed, but for the request file of one that has steps. */
export function copyText(
  form: CopyForm,
  { prepared, steps }: Subject,
  { imported }: Input,
  hasAnswer: boolean,
): string {
  if (form === 'curl') return prepared.toCurl()
  if (form === 'http') return httpText(prepared)
  if (form === 'file') return requestFileText([imported])
  if (form === 'fetch') return fetchText(prepared)
  const isFile = steps.length > 0
  if (!hasAnswer) return isFile ? 'ez explain request.yaml' : 'ez inspect --curl request.txt'
  return isFile
    ? 'ez diagnose request.yaml --response answer.txt'
    : 'ez diagnose --curl request.txt --response answer.txt'
}

/** The message as HTTP/1.1 writes it. */
export function httpText({ method, url, headers, body }: PreparedRequest): string {
  const [, host = '', target = ''] = /^[^:]+:\/\/([^/?#]*)(.*)$/.exec(url) ?? []
  // Raw HTTP does not tell its scheme: https is what is taken for it.
  const named = url.startsWith('http:') ? url : target || '/'
  const lines = [
    `${method} ${named} HTTP/1.1`,
    `host: ${host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  return `${lines.join('\n')}\n\n${body instanceof Uint8Array ? new TextDecoder().decode(body) : ''}`
}

function fetchText({ method, url, headers, body }: PreparedRequest): string {
  const given = {
    method,
    headers: Object.fromEntries(headers),
    ...(body instanceof Uint8Array && body.length > 0 && { body: new TextDecoder().decode(body) }),
  }
  return `await fetch(${JSON.stringify(url)}, ${JSON.stringify(given, null, 2)})`
}
