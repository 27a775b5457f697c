import { EzError, type PreparedRequest } from '@ez/core'
import { joinedBytes } from '../base/bytes.ts'
import { incomplete, networkFailed, timedOut } from '../base/error.ts'
import { AnsweredResponse, tooLarge } from '../response/answered-response.ts'
import { Deadline } from './deadline.ts'
import { refuseReadStream } from './refuse-read-stream.ts'
import {
  type Answer,
  defaultMaxBytes,
  type ExchangeOptions,
  receivedBytes,
  type Transport,
} from './transport.ts'

/** Sends through a `fetch`: the runtime's, or one that somebody gave. */
export function fetchTransport(send: typeof fetch): Transport {
  return { exchange: (prepared, options) => exchange(prepared, send, options) }
}

async function exchange(
  prepared: PreparedRequest,
  send: typeof fetch,
  options: ExchangeOptions,
): Promise<Answer> {
  const { deadlines, signal, timeoutMs, maxResponseBytes } = options
  const deadline = new Deadline(deadlines, signal, timeoutMs, () => timedOut(prepared, timeoutMs))
  let handedOver = false
  try {
    const original = await transmit(prepared, send, deadline)
    const { status, statusText } = original
    const parts = {
      status,
      statusText,
      // A Response that somebody constructed has no URL of its own.
      url: original.url || prepared.url,
      redirected: options.redirected,
      headers: [...original.headers],
      maxBytes: maxResponseBytes ?? defaultMaxBytes,
    }
    // A redirect that a browser hides.
    if (status === 0)
      return {
        response: new AnsweredResponse({ ...parts, start: null, original }),
        snapshot: { status, headers: parts.headers, body: new Uint8Array() },
      }
    const limit = receivedBytes(status, original.headers.get('content-type'), options.bufferBytes)
    const { start, rest } = await receive(prepared, original, limit, deadline, maxResponseBytes)
    handedOver = rest !== undefined
    return {
      response: new AnsweredResponse({
        ...parts,
        start: original.body === null ? null : start,
        ...(rest && { rest }),
      }),
      snapshot: { status, headers: parts.headers, body: start },
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
  const { body } = prepared
  refuseReadStream(body)
  // Checks that this runtime sends it as it was signed. Sent are URL and init: an own fetch may know no other Request.
  const request = prepared.toRequest()
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
      (response) => void response.body?.cancel().catch(() => undefined),
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
  maxBytes: number | undefined,
): Promise<Received> {
  if (response.body === null) return { start: new Uint8Array() }
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let received = 0
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const { done, value } = await deadline.race(reader.read())
      received += value?.length ?? 0
      if (maxBytes !== undefined && received > maxBytes) throw tooLarge(maxBytes)
      return done ? undefined : value
    } catch (error) {
      reader.cancel().catch(() => undefined)
      throw deadline.reasonFor(error, (cause) =>
        EzError.isInstance(cause) ? cause : incomplete(prepared, response.status, cause),
      )
    }
  }
  while (length < limit) {
    const chunk = await next()
    if (chunk === undefined) return { start: joinedBytes(chunks, length) }
    chunks.push(chunk)
    length += chunk.length
  }
  deadline.pause()
  return { start: joinedBytes(chunks, length), rest: restOf(chunks, next, reader, deadline) }
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
