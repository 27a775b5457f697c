import { randomAlphanumeric } from '@ez/core/crypto'
import type { TokenStore } from './store/token-store.ts'

/** What this store asks of a client of the `redis` package, version 4 or later. */
export interface RedisClient {
  /** `GET`: the value of a key; `null` when there is none. */
  get(key: string): Promise<unknown>
  /** `SET`: `PX` are milliseconds to live, `NX` sets only what is not there. */
  set(key: string, value: string, options?: { PX?: number; NX?: true }): Promise<unknown>
  /** `DEL`: forgets a key. */
  del(key: string): Promise<unknown>
  /** `EVAL`: runs a script in Lua; the locks are released by one. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** Put before every key (default `ez:token:`). */
  readonly prefix?: string
}

// Only who holds the lock may release it: its time may be up, and another one's begun.
const releaseIfOwn =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

/**
 * A store in Redis, with its lock (`SET NX PX`, released by the token that took it).
 *
 * @example
 * ```ts
 * import { redisStore } from '@ez/oauth2/redis'
 * import { createClient } from 'redis'
 *
 * const store = redisStore(await createClient().connect())
 * ```
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): TokenStore {
  const prefix = options.prefix ?? 'ez:token:'
  return {
    async get(key) {
      const value = await client.get(prefix + key)
      return value === null || value === undefined ? undefined : String(value)
    },
    async set(key, value, ttlMs) {
      await client.set(prefix + key, value, ttlMs === undefined ? {} : { PX: Math.max(1, Math.ceil(ttlMs)) })
    },
    async delete(key) {
      await client.del(prefix + key)
    },
    async lock(key, ttlMs) {
      const name = `${prefix}${key}:lock`
      const token = randomAlphanumeric(32)
      if ((await client.set(name, token, { NX: true, PX: ttlMs })) === null) return undefined
      return async () => {
        await client.eval(releaseIfOwn, { keys: [name], arguments: [token] })
      }
    },
  }
}
