import type { Pairs, ResolvedRequest } from '@ez/core'
import { refusal } from './refusal.ts'

/** A request as the verifier reads it: once, as it came. */
export interface Received {
  readonly method: string
  /** What the client called. */
  readonly url: URL
  readonly body: Uint8Array
  /** Every value of a header, in order. */
  headers(name: string): readonly string[]
  /** The value of a header; `undefined` when there is none. */
  header(name: string): string | undefined
}

/**
 * Reads a request whole; a `Request` stays readable.
 *
 * @throws EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_BODY_TOO_LARGE
 */
export async function receive(
  request: Request | ResolvedRequest,
  calledUrl: string | undefined,
  maxBodyBytes: number,
): Promise<Received> {
  const called = calledUrl ?? request.url
  if (!URL.canParse(called))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the URL is not absolute. Give what was called as url.')
  const url = new URL(called)
  const pairs: Pairs = request instanceof Request ? [...request.headers] : request.headers
  const body = request instanceof Request ? request.clone().body : request.body
  return {
    method: request.method,
    url,
    body: body instanceof Uint8Array ? limited(body, maxBodyBytes) : await readAll(body, maxBodyBytes),
    headers: (name) => pairs.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value),
    header(name) {
      const found = pairs.filter(([key]) => key.toLowerCase() === name)
      if (found.length > 1) throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two ${name} headers.`)
      return found[0]?.[1]
    },
  }
}

function limited(body: Uint8Array, maxBodyBytes: number): Uint8Array {
  checkLength(body.length, maxBodyBytes)
  return body
}

function checkLength(length: number, maxBodyBytes: number): void {
  if (length > maxBodyBytes)
    throw refusal('EZ_BODY_TOO_LARGE', `the body is larger than ${maxBodyBytes} bytes.`)
}

async function readAll(stream: ReadableStream<Uint8Array> | null, maxBodyBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  if (stream)
    for await (const part of stream) {
      length += part.length
      checkLength(length, maxBodyBytes)
      parts.push(part)
    }
  const whole = new Uint8Array(length)
  let position = 0
  for (const part of parts) {
    whole.set(part, position)
    position += part.length
  }
  return whole
}
