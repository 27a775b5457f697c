import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { EzError } from '@ez/core'

/** Whether a text names an encoding that files of rows can have, such as `utf-8`, `windows-1252` or `utf-16le`. */
export function isEncoding(label: string): boolean {
  try {
    new TextDecoder(label)
    return true
  } catch {
    return false
  }
}

/** The text of a file, piece by piece. @throws EZ_DATA_INVALID where bytes are not of the encoding */
export function decodedFile(name: string, absolute: string, encoding: string): Readable {
  return Readable.from(decodedPieces(name, absolute, encoding))
}

/** Reads a file once, so that a wrong encoding is told before the first row is sent. @throws EZ_DATA_INVALID */
export async function checkEncoding(name: string, absolute: string, encoding: string): Promise<void> {
  for await (const _ of decodedPieces(name, absolute, encoding));
}

async function* decodedPieces(name: string, absolute: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let lines = 0
  let looksLikeUtf16 = false
  const decode = (piece?: Uint8Array): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined })
    } catch (cause) {
      throw notDecodable(name, encoding, lines, looksLikeUtf16, cause)
    }
  }
  let isFirst = true
  for await (const chunk of createReadStream(absolute)) {
    const bytes = chunk as Buffer
    if (isFirst) looksLikeUtf16 = /^(?:\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2))
    isFirst = false
    // Line by line, so that the line can be named: of the others a chunk goes through at once.
    for (const piece of isAscii(bytes) ? [bytes] : linesOf(bytes)) {
      yield decode(piece)
      for (const byte of piece) if (byte === 0x0a) lines += 1
    }
  }
  yield decode()
}

const isAscii = (bytes: Buffer): boolean => !bytes.some((byte) => byte > 0x7f)

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start)
    const next = end < 0 ? bytes.length : end + 1
    yield bytes.subarray(start, next)
    start = next
  }
}

function notDecodable(
  name: string,
  encoding: string,
  lines: number,
  looksLikeUtf16: boolean,
  cause: unknown,
): EzError {
  const other = looksLikeUtf16 ? 'utf-16le' : encoding === 'utf-8' ? 'windows-1252' : 'utf-8'
  return new EzError(
    'EZ_DATA_INVALID',
    `${name}: line ${lines + 1} holds bytes that are not ${encoding}. If the file is of another encoding, name it: --encoding ${other}. Nothing was sent.`,
    { cause },
  )
}
