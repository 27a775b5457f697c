import type { Queue, QueueEvents, Worker } from 'bullmq'

/** What is asked of a queue of BullMQ, whatever its backend. */
export type EngineQueue = Pick<
  Queue<QueuedRows>,
  | 'add'
  | 'addBulk'
  | 'close'
  | 'getJobCounts'
  | 'getRateLimitTtl'
  | 'on'
  | 'rateLimit'
  | 'removeGlobalConcurrency'
  | 'setGlobalConcurrency'
  | 'setGlobalRateLimit'
  | 'upsertJobScheduler'
>

/** What is asked of a worker of BullMQ. */
export type EngineWorker = Pick<
  Worker<QueuedRows>,
  'close' | 'concurrency' | 'on' | 'pause' | 'waitUntilReady'
>

/** What is asked of BullMQ's events. */
export type EngineEvents = Pick<QueueEvents, 'close' | 'on' | 'waitUntilReady'>

/** What stands in the queue: ids, and nothing else. */
export interface QueuedRows {
  /** Id of the job. */
  readonly job: string
  /** Numbers of rows. */
  readonly rows: readonly number[]
}

/** A job of BullMQ while it is worked on. */
export interface EngineJob {
  readonly name: string
  readonly data: QueuedRows
  moveToDelayed(timestamp: number, token?: string): Promise<void>
  moveToWait(token?: string): Promise<unknown>
}

/** How a worker of BullMQ is set. */
export interface EngineWorkerOptions {
  /** Jobs of BullMQ at the same time. */
  readonly concurrency: number
}

/** BullMQ on one of its backends. */
export interface Engine {
  queue(name: string): EngineQueue
  worker(
    name: string,
    work: (job: EngineJob, token: string | undefined) => Promise<void>,
    options: EngineWorkerOptions,
  ): EngineWorker
  events(name: string): EngineEvents
  /** Makes the tables of BullMQ, where there are any. */
  setUp(): Promise<void>
  close(): Promise<void>
}

/** Settings of every worker. */
export const workerSettings = {
  // Longer than anything that blocks the event loop: else a job is given to a second worker while the first has it.
  lockDuration: 10_000,
  stalledInterval: 5_000,
  // The intents say what may be sent again; that a worker died is no fault of the row.
  maxStalledCount: 1000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} as const

/** Settings of every job: what goes wrong outside of the request, such as the store, is tried again. */
export const jobSettings = {
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1000 },
} as const
