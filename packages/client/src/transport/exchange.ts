import { EzError, type PreparedRequest, type ResponseSnapshot } from '@ez/core'
import { incomplete, networkFailed, timedOut } from '../base/error.ts'
import { Deadline } from './deadline.ts'
import { discard, rebuiltResponse } from './response.ts'

/** How one request is sent and its answer read. */
export interface ExchangeOptions {
  readonly fetch: typeof fetch
  /** Milliseconds for the whole answer; past `bufferBytes`, between two parts of it. */
  readonly timeoutMs: number
  /** Bytes of a body that are received before the answer counts; what is longer is passed on as it comes. */
  readonly bufferBytes: number
  readonly signal: AbortSignal | undefined
}

/** An answer, and as much of it as was received. */
export interface Answer {
  readonly response: Response
  readonly snapshot: ResponseSnapshot
}

// Of a refusal, enough is read to say why.
const refusalBytes = 65_536
const endless = /^(?:text\/event-stream|application\/(?:x-ndjson|jsonl|stream\+json))/i

/**
 * Sends a prepared request as it is, and receives the answer.
 *
 * @throws EZ_NETWORK, EZ_RESPONSE_INCOMPLETE, EZ_TIMEOUT, EZ_ABORTED
 */
export async function exchange(prepared: PreparedRequest, options: ExchangeOptions): Promise<Answer> {
  const deadline = new Deadline(options.signal, options.timeoutMs, () =>
    timedOut(prepared, options.timeoutMs),
  )
  let handedOver = false
  try {
    const original = await transmit(prepared, options.fetch, deadline)
    const { status } = original
    const headers = [...original.headers]
    // What no Response can be made of is passed on as it is: a redirect that a browser hides.
    if (status < 200 || status > 599)
      return { response: original, snapshot: { status, headers, body: new Uint8Array() } }
    const limit =
      status >= 400
        ? Math.max(options.bufferBytes, refusalBytes)
        : endless.test(original.headers.get('content-type') ?? '')
          ? 0
          : options.bufferBytes
    const received = await receive(prepared, original, limit, deadline)
    handedOver = received.rest !== undefined
    return {
      response: rebuiltResponse(original, received.rest ?? received.start),
      snapshot: { status, headers, body: received.start },
    }
  } finally {
    if (!handedOver) deadline.close()
  }
}

async function transmit(
  prepared: PreparedRequest,
  send: typeof fetch,
  deadline: Deadline,
): Promise<Response> {
  if (prepared.body instanceof ReadableStream && prepared.body.locked)
    throw new EzError(
      'EZ_BODY_INVALID',
      'body.stream: it gave a stream that was read already. Give a fresh one at every call.',
    )
  // Checks that this runtime sends it as it was signed. Sent are URL and init: an own fetch may know no other Request.
  const request = prepared.toRequest()
  const { body } = prepared
  // An own fetch may know no signal.
  if (deadline.signal.aborted) throw deadline.signal.reason
  try {
    return await deadline.race(
      send(prepared.url, {
        method: prepared.method,
        headers: prepared.headers.map(([name, value]): [string, string] => [name, value]),
        redirect: 'manual',
        signal: deadline.signal,
        ...(body === null ? {} : { body: (body instanceof Uint8Array ? body : request.body) as BodyInit }),
        ...(body === null || body instanceof Uint8Array ? {} : { duplex: 'half' }),
      } as RequestInit),
      discard,
    )
  } catch (error) {
    throw deadline.reasonFor(error, (cause) => networkFailed(prepared, cause))
  }
}

interface Received {
  /** The body, or its beginning. */
  readonly start: Uint8Array
  /** The whole body as a stream, when it is longer than was to be received. */
  readonly rest?: ReadableStream<Uint8Array>
}

async function receive(
  prepared: PreparedRequest,
  response: Response,
  limit: number,
  deadline: Deadline,
): Promise<Received> {
  if (response.body === null) return { start: new Uint8Array() }
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const { done, value } = await deadline.race(reader.read())
      return done ? undefined : value
    } catch (error) {
      reader.cancel().catch(() => undefined)
      throw deadline.reasonFor(error, (cause) => incomplete(prepared, response.status, cause))
    }
  }
  while (length < limit) {
    const chunk = await next()
    if (chunk === undefined) return { start: joined(chunks, length) }
    chunks.push(chunk)
    length += chunk.length
  }
  deadline.pause()
  return { start: joined(chunks, length), rest: restOf(chunks, next, reader, deadline) }
}

function restOf(
  chunks: readonly Uint8Array[],
  next: () => Promise<Uint8Array | undefined>,
  reader: ReadableStreamDefaultReader<Uint8Array>,
  deadline: Deadline,
): ReadableStream<Uint8Array> {
  const waiting = [...chunks]
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const first = waiting.shift()
        if (first) {
          controller.enqueue(first)
          return
        }
        deadline.restart()
        try {
          const chunk = await next()
          deadline.pause()
          if (chunk) {
            controller.enqueue(chunk)
            return
          }
          deadline.close()
          controller.close()
        } catch (error) {
          deadline.close()
          throw error
        }
      },
      cancel(reason) {
        deadline.close()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const only = chunks[0]
  if (chunks.length === 1 && only) return only
  const bytes = new Uint8Array(length)
  let position = 0
  for (const chunk of chunks) {
    bytes.set(chunk, position)
    position += chunk.length
  }
  return bytes
}
