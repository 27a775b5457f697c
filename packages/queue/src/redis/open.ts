import { Redis } from 'ioredis'
import type { JobQueue } from '../contract/job-queue.ts'
import { createRedisEngine } from '../engine/redis-engine.ts'
import { commandsOn } from './commands.ts'
import { RedisJobs } from './jobs.ts'
import { RedisRows } from './rows.ts'

/** Opens a Redis. @throws what the connection says */
export async function openRedis(address: string): Promise<JobQueue> {
  let connected = false
  const redis = new Redis(address, {
    lazyConnect: true,
    connectTimeout: 10_000,
    // A store that was restarted is waited for; one that was never there is an error.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (connected ? Math.min(times * 100, 2000) : null),
  })
  let failure: unknown
  redis.on('error', (error) => {
    failure = error
  })
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    redis.disconnect()
    throw failure ?? error
  }
  connected = true
  const commands = commandsOn(redis)
  const engine = createRedisEngine(redis)
  return {
    engine,
    connection: { kind: 'redis', redis },
    storage: {
      jobs: new RedisJobs(redis, commands),
      rows: new RedisRows(redis, commands),
      check: async () => {},
    },
    setUp: async () => {},
    async close() {
      await engine.close()
      redis.disconnect()
    },
  }
}
