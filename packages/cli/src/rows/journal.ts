import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs'
import { EzError } from '@ez/core'
import type { Outcome } from '../send/outcome.ts'
import { lockResults } from './lock.ts'
import type { Row } from './read.ts'

interface Line {
  readonly row: number
  readonly digest: string
  readonly unsent?: true
}

/** What a file says of a row: that of its last line, and how many lines there are. */
interface Noted {
  readonly digest: string
  readonly unsent: boolean
  readonly lines: number
}

/**
 * What has become of each row, kept so that an interrupted run can go on.
 *
 * The results are one JSON line for each row that is done. A second file, beside it while rows are left,
 * has a line for each row that was started: after a crash, what is started and not done was in flight. A row of
 * which certainly nothing was sent is not done.
 */
export class Journal {
  readonly #done: ReadonlyMap<number, Noted>
  readonly #started: ReadonlyMap<number, Noted>
  readonly #results: number
  readonly #starts: number
  readonly #startsFile: string
  readonly #unlock: () => void
  #unsent = 0

  private constructor(
    file: string,
    done: ReadonlyMap<number, Noted>,
    started: ReadonlyMap<number, Noted>,
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
    return [...this.#started]
      .filter(([row, { lines }]) => lines > (this.#done.get(row)?.lines ?? 0))
      .map(([row]) => row)
      .sort((left, right) => left - right)
  }

  /** How many rows are done. */
  get doneBefore(): number {
    return [...this.#done.values()].filter(({ unsent }) => !unsent).length
  }

  /** How many rows of this run could not be sent at all. */
  get unsent(): number {
    return this.#unsent
  }

  /** Whether a row is done already. @throws EZ_RESUME_MISMATCH when it is not the row that was sent then */
  isDone(row: Row): boolean {
    const done = this.#done.get(row.number)
    const noted = done ?? this.#started.get(row.number)
    // What nobody received may have been put right since.
    if (done?.unsent && done.lines >= (this.#started.get(row.number)?.lines ?? 0)) return false
    if (noted !== undefined && noted.digest !== digestOf(row))
      throw new EzError(
        'EZ_RESUME_MISMATCH',
        `--resume: row ${row.number} is not what it was in the interrupted run. Restore the file of rows, or start anew with another --out.`,
      )
    return done !== undefined && !done.unsent
  }

  /** Notes that a row is about to be sent. Written before anything is sent, so that it outlives a crash. */
  start(row: Row): void {
    writeSync(this.#starts, `${JSON.stringify({ row: row.number, digest: digestOf(row) })}\n`)
  }

  /** Notes what has become of a row. */
  finish(row: Row, outcome: Outcome): void {
    const { verdict, status, milliseconds, problems, code, unsent } = outcome
    const line = {
      row: row.number,
      digest: digestOf(row),
      verdict,
      ...(status !== undefined && { status }),
      milliseconds: Math.round(milliseconds),
      ...(problems.length > 0 && { problems }),
      ...(code !== undefined && { code }),
      ...(unsent && { unsent }),
    }
    if (unsent) this.#unsent += 1
    writeSync(this.#results, `${JSON.stringify(line)}\n`)
  }

  /** Ends the journal; when all rows were taken and sent, its second file has served. */
  close(complete: boolean): void {
    closeSync(this.#results)
    closeSync(this.#starts)
    this.#unlock()
    if (complete && this.#unsent === 0) rmSync(this.#startsFile, { force: true })
  }
}

const digestOf = ({ data }: Row): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16)

function readLines(file: string): Map<number, Noted> {
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
        `${file}:${index + 1}: this is no line of results. It cannot be gone on from.`,
        { cause },
      )
    }
  }
  return lines
}
