import { setTimeout as wait } from 'node:timers/promises'
import { EzError } from '@ez/core'
import pRetry from 'p-retry'
import type { RowResult } from '../contract/job.ts'
import type { JobQueue } from '../contract/job-queue.ts'
import type { EndedEntry } from '../contract/storage.ts'
import { findJob } from './control.ts'

/** What {@link collectResults} reads. */
export interface CollectOptions {
  /** Where the job is. */
  readonly queue: JobQueue
  /** Id of the job. */
  readonly job: string
  /** Wait for rows that have not ended (default `true`); else what is there is read. */
  readonly wait?: boolean
  /** Ends the waiting with `EZ_ABORTED`. */
  readonly signal?: AbortSignal
}

const together = 1000
const pauseMs = 250

/**
 * The results of a job, each row once, in the order in which rows end; those in doubt come last, since an answer may
 * still come in. Reading takes nothing away: it can be begun again.
 *
 * @throws EZ_JOB_UNKNOWN
 *
 * @example
 * ```ts
 * import { collectResults, openQueue } from '@ez/queue'
 *
 * const queue = await openQueue('redis://127.0.0.1')
 * for await (const { row, end, result } of collectResults({ queue, job: 'a1B2c3D4e5F6' }))
 *   console.log(row, end, result)
 * ```
 */
export async function* collectResults(options: CollectOptions): AsyncGenerator<RowResult, void, undefined> {
  const { queue, job: id, signal } = options
  const doubtful = new Map<number, EndedEntry>()
  let told = 0
  let cursor = ''
  await patiently(() => findJob(queue, id), signal)
  for (;;) {
    const entries = await patiently(() => queue.storage.rows.endedRows(id, cursor, together), signal)
    for (const entry of entries) {
      cursor = entry.cursor
      if (entry.end === 'in doubt') {
        doubtful.set(entry.row, entry)
        continue
      }
      doubtful.delete(entry.row)
      told += 1
      yield resultOf(entry)
    }
    if (signal?.aborted) return
    if (entries.length > 0) continue
    if (options.wait === false) break
    const rows = await patiently(() => allEnded(queue, id), signal)
    // What has ended may be seen a little later: a transaction elsewhere may still write before it.
    if (rows !== undefined && told + doubtful.size >= rows) break
    await wait(pauseMs, undefined, signal && { signal }).catch(() => {})
  }
  for (const entry of doubtful.values()) yield resultOf(entry)
}

/** How many rows a job has, when all of them have ended. */
async function allEnded(queue: JobQueue, id: string): Promise<number | undefined> {
  const job = await findJob(queue, id)
  if (job.state === 'adding') return undefined
  const counts = await queue.storage.rows.counts(id)
  const open = counts.some(({ rows, answered, unsent, inDoubt }) => rows > answered + unsent + inDoubt)
  return open ? undefined : counts.reduce((sum, { rows }) => sum + rows, 0)
}

/** Waits for a store that is started again, for two minutes; what it says of a job is final. */
function patiently<Result>(read: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  return pRetry(read, {
    retries: 60,
    minTimeout: 200,
    maxTimeout: 2000,
    shouldRetry: ({ error }) => !EzError.isInstance(error),
    ...(signal && { signal }),
  })
}

const resultOf = ({ row, end, result }: EndedEntry): RowResult => ({
  row,
  end,
  result: JSON.parse(result) as Record<string, unknown>,
})
