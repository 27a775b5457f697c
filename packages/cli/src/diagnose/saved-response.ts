import { resolve } from 'node:path'
import { EzError, type ResponseSnapshot } from '@ez/core'
import { readBytes } from '../files/source.ts'

/** A response that was saved, and what of the request's preparing can be found in it. */
export interface SavedResponse {
  readonly response: ResponseSnapshot
  readonly at?: Date
  readonly nonce?: string
}

interface SavedJson {
  readonly at?: string
  readonly nonce?: string
  readonly response?: SavedJson
  readonly status?: number
  readonly headers?: [string, string][] | Record<string, string>
  readonly body?: string | { encoding: 'utf8' | 'base64'; data: string }
}

/**
 * Reads a saved response: what `ez run --save` wrote, `{ status, headers, body }` as JSON, an HTTP message
 * as `curl -i` prints it, or a body alone, for which `status` is needed.
 *
 * @throws EZ_FILE_NOT_FOUND, EZ_RESPONSE_UNREADABLE
 */
export async function readSavedResponse(file: string, status: number | undefined): Promise<SavedResponse> {
  const bytes = await readBytes(file, resolve(file))
  const text = new TextDecoder().decode(bytes)
  const saved = fromJson(text) ?? fromMessage(text) ?? fromBody(text, bytes, status)
  if (!saved)
    throw new EzError(
      'EZ_RESPONSE_UNREADABLE',
      `${file}: it has no status. Save it with \`ez run --save\` or \`curl -i\`, or give --status 403.`,
    )
  if (saved.at !== undefined) return saved
  const at = instantIn(text)
  return at === undefined ? saved : { ...saved, at }
}

function fromJson(text: string): SavedResponse | undefined {
  let value: SavedJson
  try {
    value = JSON.parse(text) as SavedJson
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { status, headers = [], body } = value.response ?? value
  if (typeof status !== 'number') return undefined
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers)
  const data = typeof body === 'string' ? { encoding: 'utf8' as const, data: body } : body
  return {
    response: {
      status,
      headers: pairs.map(([name, content]) => [name.toLowerCase(), String(content)] as const),
      body: new Uint8Array(data ? Buffer.from(data.data, data.encoding) : []),
    },
    ...(typeof value.at === 'string' && { at: new Date(value.at) }),
    ...(typeof value.nonce === 'string' && { nonce: value.nonce }),
  }
}

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
