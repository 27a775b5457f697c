import { EzError, type ResponseSnapshot } from '@ez/core'
import { fromBase64 } from '@ez/core/crypto'

/** A response that was saved, and what of the request's preparing can be found in it. */
export interface SavedResponse {
  /** The answer. */
  readonly response: ResponseSnapshot
  /** When the request was signed, as the answer tells. */
  readonly at?: Date
  /** The nonce that the request was signed with. */
  readonly nonce?: string
  /** The request's `{%uuid%}`. */
  readonly uuid?: string
}

/** What is known of a saved response besides its text. */
export interface SavedResponseOptions {
  /** What messages call it. */
  readonly name?: string
  /** The status of a body that was saved alone. */
  readonly status?: number
  /** The status that is taken where neither the text nor `status` tells one. */
  readonly usual?: number
}

interface SavedJson {
  readonly at?: string
  readonly nonce?: string
  readonly uuid?: string
  readonly response?: SavedJson
  readonly status?: number
  readonly headers?: [string, string][] | Record<string, string>
  readonly body?: string | { encoding: 'utf8' | 'base64'; data: string } | null
}

/**
 * Reads a saved response: what `ez run --save` wrote, `{ status, headers, body }` as JSON, an HTTP message
 * as `curl -i` prints it, or a body alone, for which `status` is needed, or `usual` is taken.
 *
 * @param saved its text, or its bytes where a body may be no text
 * @throws EZ_RESPONSE_UNREADABLE
 * @example
 * const { response } = readSavedResponse('HTTP/1.1 403 Forbidden\r\ndate: Thu, 15 Jan 2026 12:36:00 GMT\r\n\r\n<Error/>')
 * response.status // 403
 */
export function readSavedResponse(
  saved: string | Uint8Array,
  { name = 'the response', status, usual }: SavedResponseOptions = {},
): SavedResponse {
  const [text, bytes] =
    typeof saved === 'string'
      ? [saved, new TextEncoder().encode(saved)]
      : [new TextDecoder().decode(saved), saved]
  const found = fromJson(name, text, status) ?? fromMessage(text) ?? fromBody(text, bytes, status ?? usual)
  if (!found)
    throw new EzError(
      'EZ_RESPONSE_UNREADABLE',
      `${name}: it has no status. Save it with \`ez run --save\` or \`curl -i\`, or give --status 403.`,
    )
  if (found.at !== undefined) return found
  const at = instantIn(text)
  return at === undefined ? found : { ...found, at }
}

function fromJson(file: string, text: string, status: number | undefined): SavedResponse | undefined {
  let value: SavedJson
  try {
    value = JSON.parse(text) as SavedJson
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const saved = value.response ?? value
  // Bodies of errors have a status too, as those of NetSuite: alone it makes no saved response.
  if (saved.headers === undefined && saved.body === undefined) {
    const known = status ?? saved.status
    if (typeof known !== 'number' || value.response !== undefined) return undefined
    return { response: { status: known, headers: [], body: new TextEncoder().encode(text) } }
  }
  if (typeof saved.status !== 'number') return undefined
  const at = typeof value.at === 'string' ? new Date(value.at) : undefined
  if (at && Number.isNaN(at.getTime())) throw unreadable(file, '"at" is no instant')
  return {
    response: {
      status: saved.status,
      headers: headersOf(file, saved.headers),
      body: bodyOf(file, saved.body),
    },
    ...(at && { at }),
    ...(typeof value.nonce === 'string' && { nonce: value.nonce }),
    ...(typeof value.uuid === 'string' && { uuid: value.uuid }),
  }
}

function headersOf(file: string, headers: SavedJson['headers']): (readonly [string, string])[] {
  const pairs: unknown[] = Array.isArray(headers) ? headers : Object.entries(headers ?? {})
  return pairs.map((pair) => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string')
      throw unreadable(file, '"headers" is neither a map nor a list of pairs')
    return [pair[0].toLowerCase(), String(pair[1])]
  })
}

function bodyOf(file: string, body: SavedJson['body']): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array()
  if (typeof body === 'string') return new TextEncoder().encode(body)
  if (typeof body.data !== 'string' || !['utf8', 'base64'].includes(body.encoding))
    throw unreadable(file, '"body" is neither a text nor { encoding, data }')
  if (body.encoding === 'utf8') return new TextEncoder().encode(body.data)
  const bytes = fromBase64(body.data)
  if (!bytes) throw unreadable(file, '"body.data" is no base64')
  return bytes
}

const unreadable = (file: string, problem: string): EzError =>
  new EzError(
    'EZ_RESPONSE_UNREADABLE',
    `${file}: ${problem}. Save the answer with \`ez run --save\` or \`curl -i\`.`,
  )

function fromMessage(text: string): SavedResponse | undefined {
  // Proxies and 100 Continue put messages before the one that counts.
  let rest = text
  for (;;) {
    const match = /^HTTP\/[\d.]+ (\d{3})/.exec(rest)
    if (!match) return undefined
    const end = /\r?\n\r?\n/.exec(rest)
    const [, ...lines] = rest.slice(0, end?.index).split(/\r?\n/)
    rest = end ? rest.slice(end.index + end[0].length) : ''
    if (/^HTTP\/[\d.]+ \d{3}/.test(rest)) continue
    const headers = lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return colon < 1
        ? []
        : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const]
    })
    return { response: { status: Number(match[1]), headers, body: new TextEncoder().encode(rest) } }
  }
}

function fromBody(text: string, bytes: Uint8Array, status: number | undefined): SavedResponse | undefined {
  if (status === undefined || text === '') return undefined
  return { response: { status, headers: [], body: bytes } }
}

// What services quote back of the request: x-amz-date, oauth_timestamp, Cosmos DB's x-ms-date in lower case.
function instantIn(text: string): Date | undefined {
  const amazon = /x-amz-date[:=](\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/i.exec(text)
  if (amazon) {
    const [, year, month, day, hour, minute, second] = amazon
    return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  }
  const oauth = /oauth_timestamp(?:=|%3D|%253D|":\s*")"?(\d{10})/.exec(text)
  if (oauth) return new Date(Number(oauth[1]) * 1000)
  const cosmos = /\b(?:mon|tue|wed|thu|fri|sat|sun), \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt/.exec(text)
  return cosmos ? new Date(cosmos[0]) : undefined
}
