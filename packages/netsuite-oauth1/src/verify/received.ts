import type { Pairs, ResolvedRequest } from '@ez/core'
import { refusal } from './refusal.ts'

/** A request as it came in, its body read. */
export interface Received {
  readonly method: string
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Pairs
  readonly body: Uint8Array
}

/**
 * Reads a request up to a size.
 *
 * @param calledUrl what the client called, where a proxy changed it
 */
export async function receive(
  request: Request | ResolvedRequest,
  calledUrl: string | undefined,
  maxBodyBytes: number,
): Promise<Received> {
  const headers: Pairs = Array.isArray(request.headers)
    ? (request as ResolvedRequest).headers
    : [...(request as Request).headers.entries()]
  // A copy, so that a handler can still read the request's own body.
  const body = request instanceof Request ? request.clone().body : request.body
  return {
    method: request.method.toUpperCase(),
    url: absoluteUrl(calledUrl ?? request.url),
    headers: headers.map(([name, value]) => [name.toLowerCase(), value] as const),
    body: await readBody(body, maxBodyBytes),
  }
}

function absoluteUrl(url: string): URL {
  try {
    return new URL(url)
  } catch {
    throw refusal(
      'EZ_AUTHORIZATION_INVALID',
      'the URL is not absolute. Give what the client called as option url.',
    )
  }
}

async function readBody(body: ResolvedRequest['body'], limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const take = (chunk: Uint8Array): void => {
    length += chunk.length
    if (length > limit) throw refusal('EZ_BODY_TOO_LARGE', `the body is larger than ${limit} bytes.`)
    chunks.push(chunk)
  }
  if (body instanceof Uint8Array) take(body)
  else if (body) for await (const chunk of body) take(chunk)
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
