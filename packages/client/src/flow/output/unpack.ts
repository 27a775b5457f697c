import { EzError } from '@ez/core'
import { Unzip, UnzipInflate } from 'fflate'
import type { StepOutput } from './step-output.ts'

type Bytes = ReadableStream<Uint8Array>

/**
 * A body, unpacked as it comes.
 *
 * @throws EZ_RESPONSE_UNREADABLE, while it is read, for what cannot be unpacked
 */
export async function unpack(body: Bytes, kind: StepOutput['decompress'], place: string): Promise<Bytes> {
  if (kind === undefined || kind === 'none') return body
  const { start, whole } = await peek(body)
  const found = isGzip(start) ? 'gzip' : isZip(start) ? 'zip' : 'none'
  const wanted = kind === 'auto' ? found : kind
  if (wanted !== found && start.length > 0)
    throw unreadable(place, `it is not packed with ${wanted}. Set decompress to ${found} or auto.`)
  if (wanted === 'gzip')
    return whole.pipeThrough(
      new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>,
    )
  return wanted === 'zip' ? whole.pipeThrough(unzipOne(place)) : whole
}

// RFC 1952 section 2.3.1; APPNOTE.TXT section 4.3.7.
const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b
const isZip = (start: Uint8Array): boolean =>
  start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4

async function peek(body: Bytes): Promise<{ start: Uint8Array; whole: Bytes }> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let done = false
  while (length < 4 && !done) {
    const read = await reader.read()
    done = read.done
    if (read.value) {
      chunks.push(read.value)
      length += read.value.length
    }
  }
  const start = new Uint8Array(chunks.flatMap((chunk) => [...chunk.subarray(0, 4)]))
  const whole = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const waiting = chunks.shift()
      if (waiting) return controller.enqueue(waiting)
      if (done) return controller.close()
      const read = await reader.read()
      if (read.done) controller.close()
      else controller.enqueue(read.value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return { start, whole }
}

/** Unpacks an archive that holds one file. */
function unzipOne(place: string): TransformStream<Uint8Array, Uint8Array> {
  let entries = 0
  let failure: EzError | undefined
  let output: TransformStreamDefaultController<Uint8Array>
  const unzip = new Unzip((file) => {
    if (file.name.endsWith('/')) return
    entries += 1
    if (entries > 1) {
      failure ??= unreadable(place, 'the archive holds more than one file.')
      return
    }
    file.ondata = (error, bytes) => {
      if (error) failure ??= unreadable(place, 'the archive cannot be unpacked.', error)
      else if (bytes.length > 0) output.enqueue(bytes)
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  const push = (chunk: Uint8Array, final: boolean): void => {
    try {
      unzip.push(chunk, final)
    } catch (cause) {
      failure ??= unreadable(place, 'the archive cannot be unpacked.', cause)
    }
    if (failure) throw failure
  }
  return new TransformStream({
    start: (controller) => {
      output = controller
    },
    transform: (chunk) => push(chunk, false),
    flush: () => {
      push(new Uint8Array(), true)
      if (entries === 0) throw unreadable(place, 'the archive holds no file.')
    },
  })
}

function unreadable(place: string, problem: string, cause?: unknown): EzError {
  return new EzError('EZ_RESPONSE_UNREADABLE', `${place}: the answer cannot be unpacked: ${problem}`, {
    cause,
  })
}
