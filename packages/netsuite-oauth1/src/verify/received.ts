import { EzError, type Pairs, type ResolvedRequest } from '@ez/core'

/** A request as it came in, its body read. */
export interface Received {
  readonly method: string
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Pairs
  readonly body: Uint8Array
}

/** Reads a request up to a size. @throws EZ_BODY_TOO_LARGE */
export async function readReceived(
  received: Request | ResolvedRequest,
  publicUrl: string | undefined,
  maxBodyBytes: number,
): Promise<Received> {
  const headers: Pairs = Array.isArray(received.headers)
    ? (received.headers as Pairs)
    : [...(received.headers as Headers)]
  return {
    method: received.method.toUpperCase(),
    url: new URL(publicUrl ?? received.url),
    headers: headers.map(([name, value]) => [name.toLowerCase(), value] as const),
    body: await readBody(received.body, maxBodyBytes),
  }
}

async function readBody(body: ResolvedRequest['body'], limit: number): Promise<Uint8Array> {
  if (body === null) return new Uint8Array()
  if (body instanceof Uint8Array) {
    if (body.length > limit) throw tooLarge(limit)
    return body
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

function tooLarge(limit: number): EzError {
  return new EzError(
    'EZ_BODY_TOO_LARGE',
    `verify: the body is larger than ${limit} bytes. Raise maxBodyBytes.`,
  )
}
