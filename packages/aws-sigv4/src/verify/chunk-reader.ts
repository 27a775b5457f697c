import { EzError } from '@ez/core'
import { refusal } from './refusal.ts'

/** Reads lines and exact numbers of bytes from a body. */
export class ChunkReader {
  readonly #source: ReadableStreamDefaultReader<Uint8Array>
  #buffer: Uint8Array<ArrayBufferLike> = new Uint8Array()

  constructor(body: Uint8Array | ReadableStream<Uint8Array>) {
    this.#source = (body instanceof Uint8Array ? streamOf(body) : body).getReader()
  }

  /** The next line without its end; chunk heads and trailers are short. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf(0x0a)
      if (end >= 0) {
        const line = new TextDecoder().decode(this.#buffer.subarray(0, end))
        this.#buffer = this.#buffer.subarray(end + 1)
        return line.replace(/\r$/, '')
      }
      if (this.#buffer.length > 1024) throw broken('a line between chunks is too long')
      await this.#more()
    }
  }

  /** Exactly so many bytes. */
  async bytes(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const data = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      if (this.#buffer.length === 0) await this.#more()
      const part = this.#buffer.subarray(0, length - filled)
      data.set(part, filled)
      filled += part.length
      this.#buffer = this.#buffer.subarray(part.length)
    }
    return data
  }

  /** Whether nothing is left. */
  async atEnd(): Promise<boolean> {
    if (this.#buffer.length > 0) return false
    for (;;) {
      const { done, value } = await this.#read()
      if (done) return true
      if (value.length > 0) return false
    }
  }

  /** Stops reading. Of a cloned body this settles only when the original has ended too, so nobody waits for it. */
  cancel(): void {
    this.#source.cancel().catch(() => undefined)
  }

  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    const result = await this.#source.read().catch((cause: unknown) => {
      throw brokenOff(cause)
    })
    if (result.done || (result.value as unknown) instanceof Uint8Array) return result
    throw brokenOff(new TypeError('It gave something else than bytes.'))
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#read()
    if (done) throw broken('the body ends in the middle of a chunk')
    if (this.#buffer.length === 0) this.#buffer = value
    else {
      const joined = new Uint8Array(this.#buffer.length + value.length)
      joined.set(this.#buffer)
      joined.set(value, this.#buffer.length)
      this.#buffer = joined
    }
  }
}

function streamOf(body: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(body)
      controller.close()
    },
  })
}

function brokenOff(cause: unknown): EzError {
  if (EzError.isInstance(cause)) return cause
  const message = 'verify aws-sigv4: the body broke off while it was read. See cause.'
  return new EzError('EZ_BODY_INVALID', message, { cause })
}

export function broken(what: string): Error {
  return refusal('EZ_BODY_MISMATCH', `${what}.`)
}
