import { existsSync, readFileSync, truncateSync } from 'node:fs'
import { EzError } from '@ez/core'

interface Line {
  readonly row: number
  readonly digest: string
  readonly unsent?: true
}

/** What a file says of a row: that of its last line, and how many lines there are. */
export interface Noted {
  readonly digest: string
  readonly unsent: boolean
  readonly lines: number
}

/** Reads what a file notes, row by row. @throws EZ_DATA_INVALID */
export function readLines(file: string): Map<number, Noted> {
  const lines = new Map<number, Noted>()
  if (!existsSync(file)) return lines
  const text = readFileSync(file, 'utf8')
  // A line that a crash cut off tells nothing; the next one must not be glued to it.
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)))
  for (const [index, line] of text.slice(0, end).split('\n').entries()) {
    if (line === '') continue
    try {
      const { row, digest, unsent } = JSON.parse(line) as Line
      lines.set(row, { digest, unsent: unsent === true, lines: (lines.get(row)?.lines ?? 0) + 1 })
    } catch (cause) {
      throw new EzError(
        'EZ_DATA_INVALID',
        `${file}:${index + 1}: this line is no result of a run, so the run cannot be resumed. Restore the file, or start anew with another --out.`,
        { cause },
      )
    }
  }
  return lines
}
