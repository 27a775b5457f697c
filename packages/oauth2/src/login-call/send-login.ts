import { EzError } from '@ez/core'
import { shownEndpoint } from '../token/token-request.ts'

/** A request that logs in; nothing in it is a token of a template. */
export interface LoginRequest {
  /** Default `POST`. */
  readonly method?: string
  /** `https`, or `http` on this machine. */
  readonly url: string
  /** Sent as they are; `accept: application/json` unless they say otherwise. */
  readonly headers?: Readonly<Record<string, string>>
  /** Body, sent as JSON. */
  readonly json?: unknown
  /** Body, sent as `application/x-www-form-urlencoded`; `json` comes before it. */
  readonly form?: Readonly<Record<string, string>>
  /** Body as it stands, when there is neither `json` nor `form`. */
  readonly text?: string
}

const mostBytes = 1_048_576

/**
 * Sends a login and reads its answer, at most one mebibyte. Never follows a redirect.
 *
 * @throws EZ_TOKEN_UNREACHABLE, EZ_TOKEN_REFUSED, EZ_TOKEN_RESPONSE_INVALID
 */
export async function sendLogin(
  id: string,
  request: LoginRequest,
  send: typeof fetch,
  signal: AbortSignal,
): Promise<string> {
  const place = shownEndpoint(request.url)
  let status: number
  let text: string | undefined
  try {
    const response = await send(request.url, {
      method: request.method ?? 'POST',
      headers: headersOf(request),
      redirect: 'manual',
      signal,
      ...bodyOf(request),
    })
    status = response.status
    text = await readText(response)
  } catch (error) {
    if (EzError.isInstance(error)) throw error
    throw new EzError(
      'EZ_TOKEN_UNREACHABLE',
      `${id}: the login at ${place} got no whole answer. Check the address and the network; it may be tried again.`,
      { details: { endpoint: place, transient: true } },
    )
  }
  if (status < 200 || status > 299)
    throw new EzError(
      'EZ_TOKEN_REFUSED',
      `${id}: the login at ${place} was answered with HTTP ${status}. ${status >= 500 || status === 429 ? 'Try again later.' : 'Check the credentials and the request.'}`,
      {
        details: { endpoint: place, status, ...(status >= 500 || status === 429 ? { transient: true } : {}) },
      },
    )
  if (text === undefined)
    throw new EzError(
      'EZ_TOKEN_RESPONSE_INVALID',
      `${id}: the answer of ${place} is longer than ${mostBytes} bytes.`,
    )
  return text
}

function headersOf({ headers, json, form }: LoginRequest): Headers {
  const all = new Headers({ accept: 'application/json', ...headers })
  if (json !== undefined && !all.has('content-type')) all.set('content-type', 'application/json')
  if (form !== undefined && !all.has('content-type'))
    all.set('content-type', 'application/x-www-form-urlencoded')
  return all
}

function bodyOf({ json, form, text }: LoginRequest): { body?: string } {
  if (json !== undefined) return { body: JSON.stringify(json) }
  if (form !== undefined) return { body: new URLSearchParams(form).toString() }
  return text === undefined ? {} : { body: text }
}

async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > mostBytes) return undefined
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return new TextDecoder().decode(bytes)
}
