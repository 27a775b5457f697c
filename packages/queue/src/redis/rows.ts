import type { Redis } from 'ioredis'
import type { JobState, KeyCounts, RowEnd } from '../contract/job.ts'
import {
  aliveMs,
  type BeginningRow,
  type Begun,
  type EndedEntry,
  type EndedRow,
  type Lane,
  type LaneRows,
  type ReleasedRow,
  type RowStore,
} from '../contract/storage.ts'
import type { Commands } from './commands.ts'

const letters: Readonly<Record<RowEnd, string>> = { answered: 'a', unsent: 'u', 'in doubt': 'd' }
const ends: Readonly<Record<string, RowEnd>> = { a: 'answered', u: 'unsent', d: 'in doubt' }

/** Rows, intents and answers in hashes, texts and streams. */
export class RedisRows implements RowStore {
  readonly #redis: Redis
  readonly #commands: Commands

  constructor(redis: Redis, commands: Commands) {
    this.#redis = redis
    this.#commands = commands
  }

  async openLanes(): Promise<Lane[]> {
    const lanes: Lane[] = []
    for (const job of (await this.#redis.smembers('ez:open')).sort()) {
      const state = (await this.#redis.hget(`ez:job:${job}`, 'state')) as JobState | null
      if (state === null) continue
      for (const { fed, rows, answered, unsent, inDoubt, key } of await this.#lanes(job)) {
        const ended = answered + unsent + inDoubt
        if (ended < rows) lanes.push({ job, key, state, rows, fed, ended })
      }
    }
    return lanes
  }

  async endJobs(): Promise<void> {
    await this.#commands.endJobs()
  }

  async laneRows(job: string, key: string, position: number, limit: number): Promise<LaneRows> {
    const [next = position, ...rows] = (await this.#commands.laneRows(job, key, position, limit)) as number[]
    return { rows, position: next }
  }

  async fed(job: string, key: string, position: number): Promise<void> {
    const lane = await this.#redis.hget(`ez:job:${job}:accounts`, key)
    if (lane !== null) await this.#redis.hset(`ez:job:${job}:counts`, `${lane}:fed`, position)
  }

  async beat(worker: string): Promise<void> {
    const now = Date.now()
    await this.#redis
      .multi()
      .set(`ez:worker:${worker}`, now, 'PX', aliveMs)
      .zadd('ez:workers', now, worker)
      .zremrangebyscore('ez:workers', 0, now - aliveMs)
      .exec()
  }

  async leave(worker: string): Promise<void> {
    await this.#redis.multi().del(`ez:worker:${worker}`).zrem('ez:workers', worker).exec()
  }

  workers(): Promise<number> {
    return this.#redis.zcount('ez:workers', Date.now() - aliveMs, '+inf')
  }

  async begin(worker: string, rows: readonly BeginningRow[]): Promise<Begun[]> {
    const told = (await this.#commands.begin(
      worker,
      ...rows.flatMap(({ job, row, repeatable }) => [job, row, repeatable ? '1' : '0']),
    )) as string[]
    return rows.map((_, index) => {
      const [may, attempts, data] = told.slice(index * 3) as [Begun['may'], string, string]
      return may === 'send' ? { may, data, attempts: Number(attempts) } : { may }
    })
  }

  async finish(_worker: string, rows: readonly EndedRow[]): Promise<void> {
    await this.#commands.finish(
      ...rows.flatMap(({ job, row, end, result }) => [job, row, letters[end], result]),
    )
  }

  async release(worker: string, rows: readonly ReleasedRow[]): Promise<void> {
    await this.#commands.release(
      worker,
      ...rows.flatMap(({ job, row, again }) => [job, row, again ? '1' : '0']),
    )
  }

  async endedRows(id: string, after: string, limit: number): Promise<EndedEntry[]> {
    const from = after === '' ? '-' : `(${after}`
    const entries = await this.#redis.xrange(`ez:job:${id}:ended`, from, '+', 'COUNT', limit)
    return entries.map(([cursor, [, row, , end, , result]]) => ({
      cursor,
      row: Number(row),
      end: ends[end as string] as RowEnd,
      result: result as string,
    }))
  }

  counts(id: string): Promise<KeyCounts[]> {
    return this.#lanes(id)
  }

  async #lanes(job: string): Promise<(KeyCounts & { readonly fed: number })[]> {
    const [accounts, counts] = await Promise.all([
      this.#redis.hgetall(`ez:job:${job}:accounts`),
      this.#redis.hgetall(`ez:job:${job}:counts`),
    ])
    const sorted = Object.entries(accounts).sort(([, left], [, right]) => Number(left) - Number(right))
    return sorted.map(([key, lane]) => {
      const count = (name: string): number => Number(counts[`${lane}:${name}`] ?? 0)
      return {
        key,
        rows: count('rows'),
        answered: count('answered'),
        unsent: count('unsent'),
        inDoubt: count('doubt'),
        fed: count('fed'),
      }
    })
  }
}
