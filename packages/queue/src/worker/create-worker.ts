import type { Secret } from '@ez/core'
import { randomAlphanumeric } from '@ez/core/crypto'
import pLimit from 'p-limit'
import type { Job } from '../contract/job.ts'
import type { JobQueue } from '../contract/job-queue.ts'
import type { OpenJob, SentRow } from '../contract/sender.ts'
import { RowSeal } from '../jobs/seal.ts'
import type { Trust } from '../jobs/trust.ts'
import { controlQueue, keepFeeding } from './control.ts'
import { feed } from './feed.ts'
import { Intents } from './intents.ts'
import { KnownJobs } from './jobs.ts'
import { KeyWorkers } from './key-workers.ts'
import { RowWork } from './row-work.ts'

/** What happens in a worker, for its log. */
export interface WorkerEvents {
  /** A row has ended. */
  readonly ended?: (job: string, row: number, sent: SentRow) => void
  /** A job is not taken; other workers may. */
  readonly refused?: (job: Job, error: unknown) => void
  /** The store or the queue fails; it is tried again. */
  readonly failed?: (error: unknown) => void
}

/** How a worker is set. */
export interface CreateWorkerOptions {
  /** Where the jobs are. */
  readonly queue: JobQueue
  /** Makes a sender for each job. */
  readonly open: OpenJob
  /** Which jobs it takes. */
  readonly trust: Trust
  /** Rows at the same time, of all accounts (default 16). */
  readonly concurrency?: number
  /** How often a row is sent again when its failure may pass (default 2). */
  readonly retries?: number
  /** 32 bytes in base64: opens rows that were encrypted. */
  readonly storeKey?: string | Secret
  /** Functions that are told what the worker does. */
  readonly events?: WorkerEvents
  /** 0 to 1, for pauses (default `Math.random`). */
  readonly random?: () => number
}

/** A worker that runs until it is closed. */
export interface QueueWorker {
  /** Its name in the store. */
  readonly id: string
  /** How many rows are being sent. */
  readonly active: () => number
  /**
   * Takes no more rows, waits up to `graceMs` milliseconds for those that are being sent, ends the others (they are in
   * doubt, or sent again by another worker), and gives back what was not begun.
   */
  close(graceMs?: number): Promise<void>
}

const beatMs = 2500

/**
 * Takes rows of any job from a queue and sends them, until it is closed; any number of them, on any machine.
 *
 * @throws EZ_QUEUE_UNREACHABLE when the store was not set up, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createClient } from '@ez/client'
 * import { createWorker, openQueue, sendWith } from '@ez/queue'
 *
 * const client = createClient({ retry: { limit: 0 } })
 * const worker = await createWorker({
 *   queue: await openQueue('redis://127.0.0.1'),
 *   trust: { key: 'example-shared-key' },
 *   open: (job) => sendWith(client, JSON.parse(job.definition), { repeatable: job.repeatable }),
 * })
 * await worker.close(30_000)
 * ```
 */
export async function createWorker(options: CreateWorkerOptions): Promise<QueueWorker> {
  const { queue, concurrency = 16, retries = 2, random = Math.random, events = {} } = options
  const id = randomAlphanumeric(12)
  const { storage, engine } = queue
  await storage.check()
  await storage.rows.beat(id)
  await keepFeeding(queue)
  const abort = new AbortController()
  const ended = new AbortController()
  let stopping = false
  const failed = (error: unknown): void => events.failed?.(error)
  const rows = new RowWork({
    intents: new Intents(id, storage.rows, ended.signal),
    seal: options.storeKey === undefined ? undefined : new RowSeal(options.storeKey),
    retries,
    signal: abort.signal,
    random,
    ended: (job, row, sent) => events.ended?.(job, row, sent),
  })
  const jobs = new KnownJobs(queue, options.open, options.trust, (job, error) => events.refused?.(job, error))
  const slots = pLimit(concurrency)
  const workers = new KeyWorkers({
    concurrency,
    failed,
    work: { queue, jobs, rows, slots, random, stopping: () => stopping },
  })
  const control = engine.worker(controlQueue, () => feed(queue), { concurrency: 1 })
  control.on('error', failed)
  control.on('failed', (_, error) => failed(error))
  const news = engine.events(controlQueue)
  news.on('error', failed)
  news.on('added', () => void workers.refresh().catch(failed))
  const beat = setInterval(() => {
    storage.rows.beat(id).catch(failed)
    workers.refresh().catch(failed)
  }, beatMs)
  // Should the queue be lost, with what is to be done every second.
  const again = setInterval(() => void keepFeeding(queue).catch(failed), 15_000)
  await Promise.all([workers.refresh(), news.waitUntilReady(), control.waitUntilReady()])
  return {
    id,
    active: () => rows.active,
    async close(graceMs = 0) {
      stopping = true
      clearInterval(again)
      const late = setTimeout(() => abort.abort(), graceMs)
      await Promise.allSettled([workers.close(), control.close(), news.close()])
      clearTimeout(late)
      clearInterval(beat)
      await storage.rows.leave(id).catch(failed)
      ended.abort()
    },
  }
}
