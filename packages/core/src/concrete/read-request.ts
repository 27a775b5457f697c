import { joinBytes } from '../base/bytes.ts'
import { quietly } from '../base/promises.ts'
import type { ConcreteRequest } from '../contract/request.ts'
import { invalidBody } from '../wire/body.ts'

/** Whether it is a `Request`, of this realm or another, such as that of npm's undici. */
export const isRequest = (request: Request | ConcreteRequest): request is Request =>
  typeof (request as Request | null)?.clone === 'function' &&
  typeof (request as Request).arrayBuffer === 'function'

/** Waits for what is read, as long as it may take. */
type Wait = <Result>(pending: Promise<Result>) => Promise<Result>

/** A `Request` with its body read whole; it stays unread itself. @throws EZ_BODY_INVALID */
export async function readRequest(request: Request, wait: Wait): Promise<ConcreteRequest> {
  if (request.bodyUsed || request.body?.locked)
    throw invalidBody('body', 'the Request was read before. Sign it first, or give a clone')
  return {
    method: request.method,
    url: request.url,
    headers: [...request.headers],
    body: request.body === null ? null : await bytesOf(request.clone(), wait),
  }
}

async function bytesOf(copy: Request, wait: Wait): Promise<Uint8Array | null> {
  if (!copy.body) {
    // Firefox does not tell whether there is one, and takes no streams.
    const bytes = new Uint8Array(await wait(copy.arrayBuffer()))
    return bytes.length === 0 ? null : bytes
  }
  const reader = (copy.body as ReadableStream<Uint8Array>).getReader()
  try {
    return await wait(readAll(reader))
  } catch (error) {
    // Not awaited: it settles only when the caller's branch has ended too.
    void quietly(reader.cancel())
    throw error
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joinBytes(parts)
    if (!(value instanceof Uint8Array))
      throw invalidBody('body', 'the stream gives something else than bytes')
    // Both branches hold the same chunk, and the caller's may be written to.
    parts.push(new Uint8Array(value))
  }
}
