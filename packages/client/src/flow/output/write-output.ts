import { EzError } from '@ez/core'
import { createRecordEncoder, type RecordEncoder } from './record-encoder.ts'
import type { OutputValues, StepOutput } from './step-output.ts'
import { unpack } from './unpack.ts'

const mostBytes = 1_073_741_824

/** Writes a body as it comes. @throws EZ_RESPONSE_TOO_LARGE, EZ_RESPONSE_UNREADABLE; the codes of the place */
export async function writeBody(
  body: ReadableStream<Uint8Array>,
  output: StepOutput,
  values: OutputValues,
  place: string,
  onBytes: (bytes: number) => void,
): Promise<number> {
  const unpacked = await unpack(body, output.decompress, place)
  const { maxBytes = mostBytes } = output
  let written = 0
  const bounded = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      written += chunk.length
      if (written > maxBytes) throw tooLarge(place, maxBytes)
      controller.enqueue(chunk)
      onBytes(written)
    },
  })
  const sink = await output.to(values)
  try {
    // Piping closes the place at the end, and aborts it when anything before it fails.
    await unpacked.pipeThrough(bounded).pipeTo(sink)
  } catch (error) {
    if (EzError.isInstance(error)) throw error
    throw new EzError('EZ_RESPONSE_UNREADABLE', `${place}: the answer could not be written whole.`, {
      cause: error,
    })
  }
  return written
}

/** Writes records, batch by batch; the place is opened with the first batch. */
export class RecordWriter {
  readonly #output: StepOutput
  readonly #values: OutputValues
  readonly #place: string
  readonly #encoder: RecordEncoder
  readonly #bytes = new TextEncoder()
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined
  #written = 0

  constructor(output: StepOutput, values: OutputValues, place: string) {
    this.#output = output
    this.#values = values
    this.#place = place
    const format = output.format === undefined || output.format === 'raw' ? 'ndjson' : output.format
    this.#encoder = createRecordEncoder(format, place, output.columns)
  }

  /** @throws EZ_RECORD_INVALID, EZ_RESPONSE_TOO_LARGE; the codes of the place */
  async write(records: readonly unknown[]): Promise<void> {
    await this.#put(this.#encoder.encode(records))
  }

  /** Bytes so far. */
  get written(): number {
    return this.#written
  }

  /** All of it was written. */
  async close(): Promise<void> {
    await this.#put(this.#encoder.end())
    await this.#writer?.close()
  }

  /** What was written is to be dropped. */
  async abort(reason: unknown): Promise<void> {
    await this.#writer?.abort(reason).catch(() => undefined)
  }

  async #put(text: string): Promise<void> {
    this.#writer ??= (await this.#output.to(this.#values)).getWriter()
    if (text === '') return
    const bytes = this.#bytes.encode(text)
    const { maxBytes = mostBytes } = this.#output
    this.#written += bytes.length
    if (this.#written > maxBytes) throw tooLarge(this.#place, maxBytes)
    await this.#writer.ready
    await this.#writer.write(bytes)
  }
}

function tooLarge(place: string, maxBytes: number): EzError {
  return new EzError(
    'EZ_RESPONSE_TOO_LARGE',
    `${place}: the output is longer than ${maxBytes} bytes. Raise output.maxBytes if that is meant.`,
  )
}
