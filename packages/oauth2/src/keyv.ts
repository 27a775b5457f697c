import type { TokenStore } from './store/token-store.ts'

/** What this store asks of a `Keyv`. */
export interface KeyvLike {
  /** The value of a key; `undefined` when there is none. */
  get(key: string): Promise<unknown>
  /** Keeps a value, for `ttlMs` milliseconds when they are given. */
  set(key: string, value: string, ttlMs?: number): Promise<unknown>
  /** Forgets a key. */
  delete(key: string): Promise<unknown>
}

/**
 * A store in anything that `keyv` supports. It has no lock: scripts with rotating refresh tokens refuse it.
 *
 * @example
 * ```ts
 * import { keyvStore } from '@ez/oauth2/keyv'
 * import { Keyv } from 'keyv'
 *
 * const store = keyvStore(new Keyv())
 * ```
 */
export function keyvStore(keyv: KeyvLike): TokenStore {
  return {
    async get(key) {
      const value = await keyv.get(key)
      return value === null || value === undefined ? undefined : String(value)
    },
    async set(key, value, ttlMs) {
      await keyv.set(key, value, ttlMs)
    },
    async delete(key) {
      await keyv.delete(key)
    },
  }
}
