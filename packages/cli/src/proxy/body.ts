import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { EzError } from '@ez/core'
import type { BodyMode } from './rules.ts'

/** A body that came in. */
export interface IncomingBody {
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null
  /** Bytes, of a stream whose length is known. */
  readonly bodyLength?: number
}

/**
 * The body of a request: whole while it is small, so that a signer can hash it, else as it comes.
 *
 * @throws EZ_PROXY_BODY_TOO_LONG when it must be held whole and is too long for it
 */
export async function incomingBody(
  message: IncomingMessage,
  mode: BodyMode,
  limit: number,
): Promise<IncomingBody> {
  const declared = message.headers['content-length']
  const length = declared === undefined ? undefined : Number(declared)
  const chunked = message.headers['transfer-encoding'] !== undefined
  if (!chunked && (length === undefined || length === 0)) {
    // GET without a body has none; POST with content-length 0 has an empty one.
    return { body: length === 0 && !['GET', 'HEAD'].includes(message.method ?? '') ? new Uint8Array() : null }
  }
  const asStream = (): IncomingBody => ({
    body: Readable.toWeb(message) as unknown as ReadableStream<Uint8Array>,
    ...(length !== undefined && { bodyLength: length }),
  })
  if (mode === 'stream') return asStream()
  if (length !== undefined && length > limit) {
    if (mode === 'auto') return asStream()
    throw tooLong(limit)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  const iterator = message[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    chunks.push(next.value)
    size += next.value.length
    if (size <= limit) continue
    if (mode === 'buffer') throw tooLong(limit)
    return { body: joinedStream(chunks, iterator) }
  }
  return { body: new Uint8Array(Buffer.concat(chunks)) }
}

// What was read already, and then the rest.
function joinedStream(
  chunks: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): ReadableStream<Uint8Array> {
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield* chunks
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  }
  return Readable.toWeb(Readable.from(all(), { objectMode: false })) as unknown as ReadableStream<Uint8Array>
}

function tooLong(limit: number): EzError {
  return new EzError(
    'EZ_PROXY_BODY_TOO_LONG',
    `The body is longer than ${limit} bytes, which this rule holds whole. Raise --buffer-bytes, or set body: stream where the signer allows it.`,
  )
}
