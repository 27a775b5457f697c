import { EzError } from '@ez/core'
import { joinedBytes } from '../../base/bytes.ts'

/** An answer whose body can be read once: a `ClientResponse`, or a `Response`. */
export interface ReadableAnswer {
  readonly status: number
  readonly headers: Headers
  readonly url: string
  readonly body: ReadableStream<Uint8Array> | null
}

/**
 * The whole body, at most so many bytes of it.
 *
 * @throws EZ_RESPONSE_TOO_LARGE
 */
export async function readBody(answer: ReadableAnswer, maxBytes: number, place: string): Promise<Uint8Array> {
  if (answer.body === null) return new Uint8Array()
  const reader = answer.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      reader.cancel().catch(() => undefined)
      throw new EzError(
        'EZ_RESPONSE_TOO_LARGE',
        `${place}: the answer is longer than ${maxBytes} bytes. Raise response.maxBytes, or write it to a file with output.`,
      )
    }
    chunks.push(value)
  }
  return joinedBytes(chunks, length)
}
