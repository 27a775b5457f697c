import { EzError } from '@ez/core'
import type { Redis } from 'ioredis'
import type { Job, JobLimit, JobState } from '../contract/job.ts'
import type { JobStore, LimitKey, StoredRow } from '../contract/storage.ts'
import type { Commands } from './commands.ts'

/** Jobs and accounts in hashes. */
export class RedisJobs implements JobStore {
  readonly #redis: Redis
  readonly #commands: Commands

  constructor(redis: Redis, commands: Commands) {
    this.#redis = redis
    this.#commands = commands
  }

  async createJob({ state, rows, ...job }: Job): Promise<void> {
    await this.#redis
      .multi()
      .hset(`ez:job:${job.id}`, { job: JSON.stringify(job), state, rows })
      .zadd('ez:jobs', Date.parse(job.startedAt), job.id)
      .exec()
  }

  async addRows(id: string, rows: readonly StoredRow[]): Promise<void> {
    // Short scripts: others wait for each of them.
    for (let at = 0; at < rows.length; at += 500) {
      const part = rows.slice(at, at + 500)
      const done = await this.#commands.addRows(
        id,
        ...part.flatMap(({ number, key, data }) => [number, key, data]),
      )
      if (done !== 1) throw new EzError('EZ_JOB_UNKNOWN', `${id}: there is no such job.`)
    }
  }

  async moveJob(id: string, state: JobState, from: readonly JobState[]): Promise<boolean> {
    return (await this.#commands.moveJob(id, state, ...from)) === 1
  }

  async nameVariables(id: string, variables: readonly string[]): Promise<void> {
    await this.#redis.hset(`ez:job:${id}`, 'variables', JSON.stringify(variables))
  }

  async job(id: string): Promise<Job | undefined> {
    const { job, state, rows, variables } = await this.#redis.hgetall(`ez:job:${id}`)
    if (job === undefined) return undefined
    return {
      ...(JSON.parse(job) as Job),
      ...(variables !== undefined && { variables: JSON.parse(variables) as string[] }),
      state: state as JobState,
      rows: Number(rows),
    }
  }

  async jobs(): Promise<Job[]> {
    const ids = await this.#redis.zrange('ez:jobs', 0, -1, 'REV')
    const jobs = await Promise.all(ids.map((id) => this.job(id)))
    return jobs.filter((job) => job !== undefined)
  }

  async removeJob(id: string): Promise<void> {
    const lanes = await this.#redis.hvals(`ez:job:${id}:accounts`)
    const parts = [
      ...['', ':data', ':states', ':lanes', ':accounts', ':counts', ':intents', ':attempts', ':ended'],
      ...lanes.map((lane) => `:lane:${lane}`),
    ]
    await this.#redis
      .multi()
      .srem('ez:open', id)
      .zrem('ez:jobs', id)
      .unlink(...parts.map((part) => `ez:job:${id}${part}`))
      .exec()
  }

  async saveKey(key: string, { perSecond, concurrency }: JobLimit): Promise<void> {
    await this.#redis
      .multi()
      .sadd('ez:keys', key)
      .hdel(`ez:key:${key}`, 'perSecond', 'concurrency')
      .hset(`ez:key:${key}`, {
        ...(perSecond !== undefined && { perSecond }),
        ...(concurrency !== undefined && { concurrency }),
        key,
      })
      .exec()
  }

  async keys(): Promise<LimitKey[]> {
    const keys = (await this.#redis.smembers('ez:keys')).sort()
    return Promise.all(
      keys.map(async (key) => {
        const { heldFor, ...found } = await this.#redis.hgetall(`ez:key:${key}`)
        const numbers = Object.entries(found).filter(([name]) => name !== 'key')
        return {
          ...Object.fromEntries(numbers.map(([name, value]) => [name, Number(value)])),
          ...(heldFor !== undefined && { heldFor }),
          key,
        }
      }),
    )
  }

  async removeKey(key: string): Promise<void> {
    await this.#redis.multi().srem('ez:keys', key).unlink(`ez:key:${key}`).exec()
  }

  async learn(key: string, perSecond: number): Promise<void> {
    await this.#redis.hset(`ez:key:${key}`, 'learned', perSecond)
  }

  async hold(key: string, until: number, why: string): Promise<void> {
    await this.#redis.hset(`ez:key:${key}`, { heldUntil: until, heldFor: why })
  }
}
