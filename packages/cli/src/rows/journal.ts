import { hash } from 'node:crypto'
import { closeSync, existsSync, fdatasync, openSync, rmSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { EzError } from '@ez/core'
import type { Outcome } from '../send/outcome.ts'
import { type Noted, readLines } from './journal-lines.ts'
import { ResultsLock } from './lock.ts'
import type { Row } from './read.ts'
import { resultOf } from './result.ts'

export interface JournalOptions {
  /** Go on from results that are there. */
  readonly resume: boolean
  /** Take the file from another run, whatever has become of it. */
  readonly takeOver: boolean
  /** Wait until the disk has it, so that a power cut loses nothing. */
  readonly fsync: boolean
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
  readonly #lock: ResultsLock
  readonly #fsync: boolean
  // Of rows that are being sent.
  readonly #digests = new Map<number, string>()
  #startLines = ''
  #resultLines = ''
  #waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  #flushing: Promise<void> | undefined
  #failure: unknown
  #unsent = 0

  private constructor(
    file: string,
    done: ReadonlyMap<number, Noted>,
    started: ReadonlyMap<number, Noted>,
    lock: ResultsLock,
    fsync: boolean,
  ) {
    this.#done = done
    this.#started = started
    this.#startsFile = `${file}.started`
    this.#lock = lock
    this.#fsync = fsync
    this.#results = openSync(file, 'a', 0o600)
    this.#starts = openSync(this.#startsFile, 'a', 0o600)
  }

  /**
   * @throws EZ_USAGE when there are results already and the run is not to go on from them
   * @throws EZ_RESULTS_LOCKED while another run writes them
   */
  static open(file: string, { resume, takeOver, fsync }: JournalOptions): Journal {
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
    const lock = ResultsLock.take(file, takeOver)
    try {
      return new Journal(file, readLines(file), readLines(`${file}.started`), lock, fsync)
    } catch (error) {
      lock.release()
      throw error
    }
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

  /**
   * Notes that a row is about to be sent; when it resolves, the row may be sent.
   *
   * The lines of all rows that are ready together are written at once, before any of them is sent, and outlive a crash.
   *
   * @throws EZ_RESULTS_LOCKED when the file is another run's by now
   */
  start(row: Row): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const digest = digestOf(row)
    this.#digests.set(row.number, digest)
    return new Promise((resolve, reject) => {
      this.#startLines += `{"row":${row.number},"digest":"${digest}"}\n`
      this.#waiting.push({ resolve, reject })
      this.#schedule()
    })
  }

  /** Notes what has become of a row; written with the next start lines, at the latest when the loop has turned. */
  finish(row: Row, outcome: Outcome): void {
    const digest = this.#digests.get(row.number) ?? digestOf(row)
    const line = { row: row.number, digest, ...resultOf(outcome) }
    this.#digests.delete(row.number)
    if (outcome.unsent) this.#unsent += 1
    this.#resultLines += `${JSON.stringify(line)}\n`
    this.#schedule()
  }

  /**
   * Ends the journal; when all rows were taken and sent, its second file has served.
   *
   * @throws what kept it from writing, since the last row was started
   */
  async close(complete: boolean): Promise<void> {
    try {
      while (this.#flushing) await this.#flushing
    } finally {
      closeSync(this.#results)
      closeSync(this.#starts)
      this.#lock.release()
    }
    if (this.#failure !== undefined) throw this.#failure
    if (complete && this.#unsent === 0) rmSync(this.#startsFile, { force: true })
  }

  #schedule(): void {
    if (this.#failure !== undefined) return
    this.#flushing ??= this.#flush()
  }

  async #flush(): Promise<void> {
    // What comes up in this turn of the loop goes out together.
    await new Promise((resolve) => setImmediate(resolve))
    const waiting = this.#waiting
    this.#waiting = []
    try {
      this.#lock.check()
      const [results, starts] = [this.#resultLines, this.#startLines]
      this.#resultLines = ''
      this.#startLines = ''
      writeAll(this.#results, results)
      writeAll(this.#starts, starts)
      if (this.#fsync && starts !== '') await synchronize(this.#starts)
      for (const { resolve } of waiting) resolve()
    } catch (error) {
      this.#failure ??= error
      for (const { reject } of [...waiting, ...this.#waiting]) reject(error)
      this.#waiting = []
    } finally {
      this.#flushing = undefined
      if (this.#waiting.length > 0 || this.#resultLines !== '') this.#schedule()
    }
  }
}

const digestOf = ({ data }: Row): string => hash('sha256', JSON.stringify(data), 'hex').slice(0, 16)

const synchronize = promisify(fdatasync)

function writeAll(file: number, text: string): void {
  if (text === '') return
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}
