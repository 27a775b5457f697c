import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs'
import { EzError } from '@ez/core'
import type { Outcome } from '../send/outcome.ts'
import { lockResults } from './lock.ts'
import type { Row } from './read.ts'

interface Line {
  readonly row: number
  readonly digest: string
}

/**
 * What has become of each row, kept so that an interrupted run can go on.
 *
 * The results are one JSON line for each row that is done. A second file, beside it while the run lasts,
 * has a line for each row that was started: after a crash, what is started and not done was in flight.
 */
export class Journal {
  readonly #done: ReadonlyMap<number, string>
  readonly #started: ReadonlyMap<number, string>
  readonly #results: number
  readonly #starts: number
  readonly #startsFile: string
  readonly #unlock: () => void

  private constructor(
    file: string,
    done: ReadonlyMap<number, string>,
    started: ReadonlyMap<number, string>,
    unlock: () => void,
  ) {
    this.#done = done
    this.#started = started
    this.#startsFile = `${file}.started`
    this.#unlock = unlock
    this.#results = openSync(file, 'a', 0o600)
    this.#starts = openSync(this.#startsFile, 'a', 0o600)
  }

  /** @throws EZ_USAGE when there are results already and the run is not to go on from them */
  static open(file: string, resume: boolean): Journal {
    if (!resume && existsSync(file))
      throw new EzError(
        'EZ_USAGE',
        `--out ${file}: there are results already. Go on from them with --resume, or name another file.`,
      )
    if (resume && !existsSync(file) && !existsSync(`${file}.started`))
      throw new EzError(
        'EZ_USAGE',
        `--resume: there is no ${file} to go on from. Leave --resume out for a first run.`,
      )
    const unlock = lockResults(file)
    return new Journal(file, readLines(file), readLines(`${file}.started`), unlock)
  }

  /** Rows that were being sent when the last run ended: whether they arrived, nobody knows. */
  inFlight(): number[] {
    return [...this.#started.keys()].filter((row) => !this.#done.has(row)).sort((left, right) => left - right)
  }

  /** How many rows are done. */
  get doneBefore(): number {
    return this.#done.size
  }

  /** Whether a row is done already. @throws EZ_RESUME_MISMATCH when it is not the row that was sent then */
  isDone(row: Row): boolean {
    const digest = this.#done.get(row.number) ?? this.#started.get(row.number)
    if (digest !== undefined && digest !== digestOf(row))
      throw new EzError(
        'EZ_RESUME_MISMATCH',
        `--resume: row ${row.number} is not what it was in the interrupted run. Restore the file of rows, or start anew with another --out.`,
      )
    return this.#done.has(row.number)
  }

  /** Notes that a row is about to be sent. Written before anything is sent, so that it outlives a crash. */
  start(row: Row): void {
    writeSync(this.#starts, `${JSON.stringify({ row: row.number, digest: digestOf(row) })}\n`)
  }

  /** Notes what has become of a row. */
  finish(row: Row, outcome: Outcome): void {
    const { verdict, status, milliseconds, problems, code } = outcome
    const line = {
      row: row.number,
      digest: digestOf(row),
      verdict,
      ...(status !== undefined && { status }),
      milliseconds: Math.round(milliseconds),
      ...(problems.length > 0 && { problems }),
      ...(code !== undefined && { code }),
    }
    writeSync(this.#results, `${JSON.stringify(line)}\n`)
  }

  /** Ends the journal; when all rows are done, its second file has served. */
  close(complete: boolean): void {
    closeSync(this.#results)
    closeSync(this.#starts)
    this.#unlock()
    if (complete) rmSync(this.#startsFile, { force: true })
  }
}

const digestOf = ({ data }: Row): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16)

function readLines(file: string): Map<number, string> {
  const lines = new Map<number, string>()
  if (!existsSync(file)) return lines
  const text = readFileSync(file, 'utf8')
  // A line that a crash cut off tells nothing; the next one must not be glued to it.
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)))
  for (const [index, line] of text.slice(0, end).split('\n').entries()) {
    if (line === '') continue
    try {
      const { row, digest } = JSON.parse(line) as Line
      lines.set(row, digest)
    } catch (cause) {
      throw new EzError(
        'EZ_DATA_INVALID',
        `${file}:${index + 1}: this is no line of results. It cannot be gone on from.`,
        { cause },
      )
    }
  }
  return lines
}
