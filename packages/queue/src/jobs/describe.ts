import type { Job, KeyCounts } from '../contract/job.ts'
import type { JobQueue } from '../contract/job-queue.ts'
import type { LimitKey } from '../contract/storage.ts'
import { findJob } from './control.ts'

/** An account of a job: its rows, its limit, and what it waits for. */
export interface KeyStatus extends KeyCounts {
  /** Rows that have not ended. */
  readonly waiting: number
  /** Requests a second, as configured or as the server says. */
  readonly perSecond?: number
  /** Requests at the same time, as configured. */
  readonly concurrency?: number
  /** Why its rows are not being sent, for people. */
  readonly why?: string
}

/** How far a job is. */
export interface JobStatus {
  /** The job as it is stored, without its definition. */
  readonly job: Omit<Job, 'definition'>
  /** Rows that were added so far. */
  readonly rows: number
  /** Rows that the server answered. */
  readonly answered: number
  /** Rows that ended without having been sent. */
  readonly unsent: number
  /** Rows of which nobody knows whether they arrived. */
  readonly inDoubt: number
  /** Rows that have not ended. */
  readonly waiting: number
  /** Workers that are alive, of all jobs. */
  readonly workers: number
  /** The same by account. */
  readonly keys: readonly KeyStatus[]
}

/** How far a job is, account by account. @throws EZ_JOB_UNKNOWN */
export async function describeJob(
  queue: JobQueue,
  id: string,
  now: () => number = Date.now,
): Promise<JobStatus> {
  const [{ definition: _, ...job }, counts, known, workers] = await Promise.all([
    findJob(queue, id),
    queue.storage.rows.counts(id),
    queue.storage.jobs.keys(),
    queue.storage.rows.workers(),
  ])
  const keys = counts.map((count): KeyStatus => {
    const waiting = count.rows - count.answered - count.unsent - count.inDoubt
    const limit = known.find(({ key }) => key === count.key)
    const perSecond = limit?.learned ?? limit?.perSecond
    const why = waiting === 0 ? undefined : reason(job.state, workers, limit, now())
    return {
      ...count,
      waiting,
      ...(perSecond !== undefined && { perSecond }),
      ...(limit?.concurrency !== undefined && { concurrency: limit.concurrency }),
      ...(why !== undefined && { why }),
    }
  })
  const sum = (of: (key: KeyStatus) => number): number => keys.reduce((total, key) => total + of(key), 0)
  return {
    job,
    rows: sum(({ rows }) => rows),
    answered: sum(({ answered }) => answered),
    unsent: sum(({ unsent }) => unsent),
    inDoubt: sum(({ inDoubt }) => inDoubt),
    waiting: sum(({ waiting }) => waiting),
    workers,
    keys,
  }
}

function reason(
  state: Job['state'],
  workers: number,
  limit: LimitKey | undefined,
  now: number,
): string | undefined {
  if (state === 'adding') return 'its rows are being added'
  if (state === 'paused') return 'the job is paused'
  if (workers === 0) return 'there is no worker'
  const left = (limit?.heldUntil ?? 0) - now
  if (left > 0) return `${limit?.heldFor ?? 'held back'}, ${Math.ceil(left / 1000)} s left`
  if (limit?.learned !== undefined) return `${limit.learned} a second, as the server says`
  if (limit?.perSecond !== undefined) return `${limit.perSecond} a second`
  return undefined
}
