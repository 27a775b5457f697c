import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResolvedRequest, SignContext } from '@ez/core'

/** One case of the official suite: a folder of raw HTTP text and expectations. */
export interface OfficialCase {
  readonly name: string
  readonly request: ResolvedRequest
  readonly context: OfficialContext
  /** The text of a file of the case; `undefined` when the suite has none. */
  read(file: string): string | undefined
}

export interface OfficialContext {
  readonly credentials: {
    readonly access_key_id: string
    readonly secret_access_key: string
    readonly token?: string
  }
  readonly expiration_in_seconds: number
  readonly normalize: boolean
  readonly region: string
  readonly service: string
  readonly sign_body: boolean
  readonly timestamp: string
  readonly omit_session_token?: boolean
}

export function officialCases(folder: string): OfficialCase[] {
  return readdirSync(folder).map((name) => {
    const read = (file: string): string | undefined => {
      try {
        return readFileSync(join(folder, name, file), 'utf8')
      } catch {
        return undefined
      }
    }
    const context = JSON.parse(read('context.json') ?? '{}') as OfficialContext
    return { name, request: parseRequest(read('request.txt') ?? '', context.sign_body), context, read }
  })
}

/** Raw HTTP text, unchanged: the target with spaces and UTF-8, headers with case, folding and repetition. */
function parseRequest(text: string, withBody: boolean): ResolvedRequest {
  const blank = text.indexOf('\n\n')
  const [requestLine = '', ...lines] = (blank < 0 ? text : text.slice(0, blank)).split('\n')
  const headers: [string, string][] = []
  for (const line of lines) {
    const last = headers.at(-1)
    if (/^\s/.test(line) && last) last[1] += `\n${line}`
    else if (line !== '') headers.push([line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)])
  }
  const body = blank < 0 ? '' : text.slice(blank + 2)
  return {
    method: requestLine.slice(0, requestLine.indexOf(' ')),
    url: requestLine.slice(requestLine.indexOf(' ') + 1, requestLine.lastIndexOf(' HTTP/')),
    headers,
    body: withBody && body !== '' ? new TextEncoder().encode(body) : null,
  }
}

export function contextAt(instant: string): SignContext {
  return { now: () => new Date(instant), nonce: () => 'unused' }
}
