import { closeSync, createReadStream, existsSync, openSync, truncateSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { EzError } from '@ez/core'
import type { RowResult } from '@ez/queue'
import { ResultsLock } from '../rows/lock.ts'

/** The file of a job's results: one JSON line for each row. Collecting goes on from what is there. */
export class ResultsFile {
  readonly #job: string
  readonly #lock: ResultsLock
  readonly #descriptor: number
  readonly #done: ReadonlySet<number>

  private constructor(file: string, job: string, lock: ResultsLock, done: ReadonlySet<number>) {
    this.#job = job
    this.#lock = lock
    this.#done = done
    this.#descriptor = openSync(file, 'a', 0o600)
  }

  /** @throws EZ_RESULTS_LOCKED, EZ_USAGE when the file holds anything but results of this job */
  static async open(file: string, job: string, takeOver: boolean): Promise<ResultsFile> {
    const lock = ResultsLock.take(file, takeOver)
    try {
      return new ResultsFile(file, job, lock, await rowsIn(file, job))
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Adds a row's line, unless it is there. */
  add({ row, end, result }: RowResult): void {
    if (this.#done.has(row)) return
    const bytes = Buffer.from(`${JSON.stringify({ job: this.#job, row, end, ...result })}\n`)
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written)
  }

  close(): void {
    closeSync(this.#descriptor)
    this.#lock.release()
  }
}

/** The rows of which a line is there; half a line at the end, of a collector that was killed, is cut off. */
async function rowsIn(file: string, job: string): Promise<Set<number>> {
  const rows = new Set<number>()
  if (!existsSync(file)) return rows
  let whole = 0
  let number = 0
  let last = ''
  for await (const line of createInterface({ input: createReadStream(file) })) {
    number += 1
    try {
      const { job: of, row } = JSON.parse(line) as { readonly job?: unknown; readonly row?: unknown }
      if (of !== job || typeof row !== 'number') throw new TypeError('another')
      rows.add(row)
      whole += Buffer.byteLength(line) + 1
      last = ''
    } catch {
      if (last !== '') break
      last = line
    }
  }
  if (last === '') return rows
  if (whole + Buffer.byteLength(last) !== (await import('node:fs')).statSync(file).size)
    throw new EzError(
      'EZ_USAGE',
      `--out ${file}:${number}: this is no result of job ${job}. Name another file.`,
    )
  truncateSync(file, whole)
  return rows
}
