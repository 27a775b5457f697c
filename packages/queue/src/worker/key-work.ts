import { DelayedError, RateLimitError, WaitingError } from 'bullmq'
import type { LimitFunction } from 'p-limit'
import type { JobQueue } from '../contract/job-queue.ts'
import type { SentRow } from '../contract/sender.ts'
import type { LimitKey } from '../contract/storage.ts'
import type { EngineJob, EngineQueue } from '../engine/engine.ts'
import type { KnownJobs, OpenedJob } from './jobs.ts'
import { isLimited, setPace } from './pace.ts'
import type { RowLeft, RowWork } from './row-work.ts'

/** What the accounts of a worker share. */
export interface KeyWorkOptions {
  readonly queue: JobQueue
  readonly jobs: KnownJobs
  readonly rows: RowWork
  /** Rows at the same time, of all accounts. */
  readonly slots: LimitFunction
  readonly stopping: () => boolean
  readonly random: () => number
}

const refusedMs = 5000
const longestPauseMs = 3_600_000

/** Works off the queue of one account. */
export class KeyWork {
  readonly #options: KeyWorkOptions
  readonly #target: EngineQueue
  #limit: LimitKey
  #refusals = 0

  constructor(options: KeyWorkOptions, target: EngineQueue, limit: LimitKey) {
    this.#options = options
    this.#target = target
    this.#limit = limit
  }

  /** Learns what other workers have learned. */
  set limit(limit: LimitKey) {
    this.#limit = limit
  }

  /** Works on what BullMQ hands out: some rows of one job. */
  async work(engineJob: EngineJob, token: string | undefined): Promise<void> {
    const { job: id, rows } = engineJob.data
    const known = await this.#options.jobs.get(id)
    if (known === undefined) return
    if ('refused' in known) {
      await engineJob.moveToDelayed(Date.now() + refusedMs, token)
      throw new DelayedError()
    }
    // Rows that were put together before there was a limit pass it one by one.
    if (rows.length > 1 && isLimited(this.#limit)) {
      await this.#add(
        id,
        rows.map((row) => ({ row, ms: 0, attempt: 0 })),
      )
      return
    }
    await this.#settle(engineJob, token, rows, await this.#run(known, rows))
  }

  #run(known: OpenedJob, rows: readonly number[]): Promise<readonly RowLeft[]> {
    const { slots, stopping } = this.#options
    let held = false
    const pauses: Promise<void>[] = []
    const told = (sent: SentRow): void => {
      if (sent.pause?.refused) held = true
      pauses.push(this.#hear(sent))
    }
    const run = async (row: number): Promise<RowLeft> =>
      held || stopping() ? { left: 'row' } : this.#options.rows.run(known, row, told)
    return Promise.all(rows.map((row) => slots(run, row))).then(async (left) => {
      await Promise.all(pauses)
      return left
    })
  }

  async #settle(
    engineJob: EngineJob,
    token: string | undefined,
    rows: readonly number[],
    left: readonly RowLeft[],
  ): Promise<void> {
    const later = rows.flatMap((row, index) => {
      const one = left[index] as RowLeft
      return one.left === 'later' ? [{ row, ms: one.ms, attempt: one.attempt }] : []
    })
    if (later.length > 0) await this.#add(engineJob.data.job, later)
    if (!left.some((one) => one.left === 'row')) return
    if (this.#options.stopping()) {
      await engineJob.moveToWait(token)
      throw new WaitingError()
    }
    throw new RateLimitError()
  }

  async #add(
    job: string,
    rows: readonly { readonly row: number; readonly ms: number; readonly attempt: number }[],
  ): Promise<void> {
    await this.#target.addBulk(
      rows.map(({ row, ms, attempt }) => ({
        name: 'rows',
        data: { job, rows: [row] },
        // Another id than the one that is being worked on, which would be taken for the same.
        opts: { jobId: `${job}-${row}-again-${attempt}`, ...(ms > 0 && { delay: Math.ceil(ms) }) },
      })),
    )
  }

  /** Lets all workers of the account know what its server says. */
  async #hear({ pause, perSecond }: SentRow): Promise<void> {
    const { storage } = this.#options.queue
    if (perSecond !== undefined && perSecond !== this.#limit.learned) {
      this.#limit = { ...this.#limit, learned: perSecond }
      await storage.jobs.learn(this.#limit.key, perSecond)
      await setPace(this.#target, this.#limit)
    }
    if (!pause?.refused) this.#refusals = 0
    if (pause === undefined) return
    // A server that does not say how long: twice as long each time, and by chance, up to a minute.
    const most = Math.min(60_000, 1000 * 2 ** this.#refusals)
    if (pause.refused) this.#refusals = Math.min(10, this.#refusals + 1)
    const ms = pause.ms ?? most / 2 + (this.#options.random() * most) / 2
    const bounded = Math.min(longestPauseMs, Math.max(1, Math.ceil(ms)))
    await this.#target.rateLimit(bounded)
    await storage.jobs.hold(this.#limit.key, Date.now() + bounded, pause.why)
  }
}
