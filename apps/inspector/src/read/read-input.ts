import { EzError } from '@ez/core'
import { type ImportedRequest, literal, type RequestValue, readRequestFile } from '@ez/request-file'
import { readCurl } from '@ez/request-file/curl'
import { readRawRequest } from '@ez/request-file/http'

/** How a request can be written. */
export type InputKind = 'curl' | 'http' | 'json' | 'file'

export const inputKinds: Readonly<Record<InputKind, string>> = {
  curl: 'cURL command',
  http: 'raw HTTP',
  json: 'a Request as JSON',
  file: 'request file',
}

/** What was read of the text. */
export interface Input {
  readonly kind: InputKind
  readonly imported: ImportedRequest
  /** Names of the other requests of the text, which are passed over. */
  readonly others: number
}

/** How a text is written, by its beginning. */
export function kindOf(text: string): InputKind {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  if (/(?:^|[\s/])curl(?:\.exe)?\s/.test(first)) return 'curl'
  if (/^[A-Z]+ \S+/.test(first.trim()) || /^:(?:method|authority|path)\s*:/.test(first)) return 'http'
  if (first.trim().startsWith('{') && isRequestJson(text)) return 'json'
  return 'file'
}

/**
 * Reads what somebody pasted.
 *
 * @throws EZ_IMPORT_INVALID, EZ_FILE_INVALID
 */
export function readInput(text: string, kind: InputKind = kindOf(text)): Input {
  if (text.trim() === '') throw new EzError('EZ_IMPORT_INVALID', 'There is no request yet.')
  const found = readers[kind](text)
  const [imported] = found
  if (!imported) throw new EzError('EZ_IMPORT_INVALID', 'The text holds no request.')
  return { kind, imported, others: found.length - 1 }
}

const readers: Readonly<Record<InputKind, (text: string) => ImportedRequest[]>> = {
  curl: readCurl,
  http: (text) => [readRawRequest(text)],
  json: (text) => [fromJson(text)],
  file: (text) =>
    readRequestFile(text, 'the request file').requests.map((request) => ({ request, notes: [] })),
}

interface RequestJson {
  readonly method?: string
  readonly url?: string
  readonly headers?: Record<string, string> | [string, string][]
  readonly body?: string | null | { readonly encoding: 'utf8' | 'base64'; readonly data: string }
}

function isRequestJson(text: string): boolean {
  try {
    const { url, body, preRequest } = JSON.parse(text) as RequestJson & { preRequest?: unknown }
    return (
      typeof url === 'string' &&
      preRequest === undefined &&
      (typeof (body ?? '') === 'string' || typeof (body as { data?: unknown }).data === 'string')
    )
  } catch {
    return false
  }
}

function fromJson(text: string): ImportedRequest {
  let value: RequestJson
  try {
    value = JSON.parse(text) as RequestJson
  } catch (cause) {
    throw new EzError('EZ_IMPORT_INVALID', `This is no JSON: ${(cause as Error).message}.`, { cause })
  }
  const { method = 'GET', url, headers = [], body } = value
  if (typeof url !== 'string') throw new EzError('EZ_IMPORT_INVALID', 'The JSON has no "url".')
  const pairs = (Array.isArray(headers) ? headers : Object.entries(headers)).map(
    ([name, content]): [string, string] => [name, literal(String(content))],
  )
  const request: RequestValue = {
    method,
    url: literal(url),
    ...(pairs.length > 0 && { headers: pairs }),
    ...bodyOf(body),
  }
  return { request, notes: [] }
}

function bodyOf(body: RequestJson['body']): Pick<RequestValue, 'body'> {
  if (body === undefined || body === null || body === '') return {}
  if (typeof body === 'string') return { body: { text: literal(body) } }
  return { body: body.encoding === 'base64' ? { base64: body.data } : { text: literal(body.data) } }
}
