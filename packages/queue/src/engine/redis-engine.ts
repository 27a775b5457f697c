import { Queue, QueueEvents, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Engine, type EngineQueue, jobSettings, workerSettings } from './engine.ts'

/** BullMQ on Redis; all queues of a process share one connection, and each worker has one to wait on. */
export function createRedisEngine(redis: Redis): Engine {
  const queues = new Map<string, EngineQueue>()
  const common = { connection: redis, prefix: 'ez-queue' }
  return {
    queue(name) {
      const known = queues.get(name)
      if (known) return known
      const queue = new Queue(name, {
        ...common,
        defaultJobOptions: jobSettings,
        streams: { events: { maxLen: 100 } },
      })
      // Whoever called is told; without a listener BullMQ prints it.
      queue.on('error', () => {})
      queues.set(name, queue)
      return queue
    },
    worker: (name, work, options) =>
      new Worker(name, (job, token) => work(job, token), { ...common, ...workerSettings, ...options }),
    events: (name) => new QueueEvents(name, common),
    setUp: async () => {},
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}
