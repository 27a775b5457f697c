import { createPostgresBackend, type PgPool, runMigrations, withBackend } from 'bullmq'
import type { Pool } from 'pg'
import { type Engine, type EngineQueue, jobSettings, workerSettings } from './engine.ts'

const { Queue, QueueEvents, Worker } = withBackend(createPostgresBackend)

/** How many connections do the work; each worker and each listener has one more, to be woken by. */
const working = 4

/** BullMQ on PostgreSQL. The pool's connections have the search path of BullMQ's tables. */
export function createPostgresEngine(pool: Pool): Engine {
  const queues = new Map<string, EngineQueue>()
  let listeners = 0
  // A pool that is too small makes workers wait for ever, without a word.
  const listen = (): void => {
    listeners += 1
    pool.options.max = working + listeners
  }
  const connection = pool as unknown as PgPool
  return {
    queue(name) {
      const known = queues.get(name)
      if (known) return known
      const made = new Queue(name, {
        connection,
        defaultJobOptions: jobSettings,
        streams: { events: { maxLen: 100 } },
      })
      const queue = made as unknown as EngineQueue
      // Whoever called is told; without a listener BullMQ prints it.
      queue.on('error', () => {})
      queues.set(name, queue)
      return queue
    },
    worker(name, work, options) {
      listen()
      const worker = new Worker(name, (job, token) => work(job, token), {
        connection,
        ...workerSettings,
        ...options,
      })
      worker.on('closed', () => {
        listeners -= 1
      })
      return worker as unknown as ReturnType<Engine['worker']>
    },
    events(name) {
      listen()
      return new QueueEvents(name, { connection }) as unknown as ReturnType<Engine['events']>
    },
    async setUp() {
      const client = await pool.connect()
      try {
        await runMigrations(client, 'bullmq')
      } finally {
        client.release()
      }
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      await pool.end()
    },
  }
}
