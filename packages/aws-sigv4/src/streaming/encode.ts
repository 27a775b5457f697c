import { EzError } from '@ez/core'
import { createHash, hash, sha256 } from '@ez/core/crypto'
import type { Frames } from './frames.ts'

/** The encoded form of a body that is there as a whole. */
export function encodeBytes(body: Uint8Array, chunkSize: number, frames: Frames, length: number): Uint8Array {
  const encoded = new Uint8Array(length)
  let position = 0
  const write = (part: Uint8Array): void => {
    encoded.set(part, position)
    position += part.length
  }
  for (let start = 0; start < body.length; start += chunkSize) {
    const chunk = body.subarray(start, start + chunkSize)
    frames.count(chunk)
    write(frames.head(chunk.length, () => hash(sha256, chunk, 'hex')))
    write(chunk)
  }
  write(frames.end())
  return encoded
}

/**
 * The encoded form of a stream, made as it is read; it holds one chunk at a time.
 *
 * The stream errors with EZ_BODY_LENGTH when the body is longer or shorter than announced.
 */
export function encodeStream(
  body: ReadableStream<Uint8Array>,
  length: number,
  chunkSize: number,
  frames: Frames,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let remaining = length
  let rest: Uint8Array | undefined

  /** Pieces that make up the next chunk: whole but for the last; none at the end. */
  const nextChunk = async (): Promise<Uint8Array[]> => {
    const pieces: Uint8Array[] = []
    let wanted = Math.min(chunkSize, remaining)
    while (wanted > 0) {
      const piece = rest ?? (await readPiece(reader))
      rest = undefined
      if (piece === undefined) throw wrongLength(length, length - remaining)
      const used = piece.length > wanted ? piece.subarray(0, wanted) : piece
      if (piece.length > wanted) rest = piece.subarray(wanted)
      if (used.length > 0) pieces.push(used)
      wanted -= used.length
      remaining -= used.length
    }
    return pieces
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const pieces = await nextChunk()
          if (pieces.length > 0) {
            for (const piece of pieces) frames.count(piece)
            const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
            controller.enqueue(frames.head(size, () => hashPieces(pieces)))
            for (const piece of pieces) controller.enqueue(piece)
            return
          }
          if (rest !== undefined || !(await isAtEnd(reader))) throw wrongLength(length, undefined)
          controller.enqueue(frames.end())
          controller.close()
        } catch (error) {
          // Not awaited: a branch of a stream that was forked settles its cancel only when the other has ended too.
          reader.cancel(error).catch(() => undefined)
          throw error
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

/** The next piece; `undefined` at the end. */
async function readPiece(reader: ReadableStreamDefaultReader<unknown>): Promise<Uint8Array | undefined> {
  const { done, value } = await reader.read()
  if (done) return undefined
  if (value instanceof Uint8Array) return value
  throw new EzError(
    'EZ_BODY_INVALID',
    'aws-sigv4: the stream gave something else than bytes (Uint8Array). Pipe texts through a TextEncoderStream.',
  )
}

async function isAtEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<boolean> {
  for (;;) {
    const piece = await readPiece(reader)
    if (piece === undefined) return true
    if (piece.length > 0) return false
  }
}

function hashPieces(pieces: readonly Uint8Array[]): string {
  if (pieces.length === 1) return hash(sha256, pieces[0] as Uint8Array, 'hex')
  const running = createHash(sha256)
  for (const piece of pieces) running.update(piece)
  return running.digest('hex')
}

function wrongLength(announced: number, received: number | undefined): EzError {
  const what = received === undefined ? 'more' : `${received}`
  return new EzError(
    'EZ_BODY_LENGTH',
    `aws-sigv4: the stream gave ${what} bytes where ${announced} were announced. Set the body's length right.`,
  )
}
