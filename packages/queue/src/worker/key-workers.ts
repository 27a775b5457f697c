import type { EngineWorker } from '../engine/engine.ts'
import { queueName } from '../jobs/keys.ts'
import { announce } from './control.ts'
import { KeyWork, type KeyWorkOptions } from './key-work.ts'
import { isLimited } from './pace.ts'

/** What the workers of the accounts share. */
export interface KeyWorkersOptions {
  /** Rows at the same time, of all accounts. */
  readonly concurrency: number
  readonly work: KeyWorkOptions
  readonly failed: (error: unknown) => void
}

interface Running {
  readonly worker: EngineWorker
  readonly work: KeyWork
  idle: number
}

/** How many looks without a waiting row it takes until an account's connection is given up. */
const idleLooks = 20

/** A worker of BullMQ for each account with rows that this process takes. */
export class KeyWorkers {
  readonly #options: KeyWorkersOptions
  readonly #running = new Map<string, Running>()
  #refreshing: Promise<void> | undefined
  #wanted = false
  #closed = false

  constructor(options: KeyWorkersOptions) {
    this.#options = options
  }

  /** Looks which accounts have rows; what is asked meanwhile is done once more. */
  async refresh(): Promise<void> {
    this.#wanted = true
    this.#refreshing ??= this.#refreshWhileWanted().finally(() => {
      this.#refreshing = undefined
    })
    await this.#refreshing
  }

  /** Takes no more rows, and waits for those that were taken. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#refreshing?.catch(() => {})
    await Promise.allSettled([...this.#running.values()].map(({ worker }) => worker.close()))
  }

  async #refreshWhileWanted(): Promise<void> {
    while (this.#wanted && !this.#closed) {
      this.#wanted = false
      await this.#refresh()
    }
  }

  async #refresh(): Promise<void> {
    const { queue, jobs } = this.#options.work
    const lanes = (await queue.storage.rows.openLanes()).filter(({ state }) => state === 'running')
    jobs.keep(new Set(lanes.map(({ job }) => job)))
    const taken = new Set<string>()
    for (const { job, key } of lanes) {
      const known = await jobs.get(job)
      if (known && !('refused' in known)) taken.add(key)
    }
    const limits = new Map((await queue.storage.jobs.keys()).map((limit) => [limit.key, limit]))
    if (this.#closed) return
    for (const [key, running] of this.#running) {
      running.idle = taken.has(key) ? 0 : running.idle + 1
      if (running.idle < idleLooks) continue
      this.#running.delete(key)
      running.worker.close().catch(this.#options.failed)
    }
    const share = Math.max(1, Math.floor(this.#options.concurrency / Math.max(1, taken.size)))
    for (const key of taken) {
      const limit = limits.get(key) ?? { key }
      const running = this.#running.get(key) ?? this.#start(key)
      running.work.limit = limit
      // Rows that need not be counted come many at a time.
      running.worker.concurrency = isLimited(limit) ? share : Math.max(2, Math.ceil(share / 8))
    }
  }

  #start(key: string): Running {
    const { work: shared, failed } = this.#options
    const name = queueName(key)
    const work = new KeyWork(shared, shared.queue.engine.queue(name), { key })
    const worker = shared.queue.engine.worker(name, (job, token) => work.work(job, token), { concurrency: 1 })
    worker.on('error', failed)
    worker.on('failed', (_, error) => failed(error))
    worker.on('drained', () => void announce(shared.queue).catch(failed))
    const running = { worker, work, idle: 0 }
    this.#running.set(key, running)
    return running
  }
}
