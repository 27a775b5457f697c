/** Gives a lock back. */
export type Release = () => Promise<void>

/**
 * Where tokens are kept, for processes and machines to share.
 *
 * A store without `lock` cannot hold rotating refresh tokens: two processes would use one twice.
 */
export interface TokenStore {
  get(key: string): Promise<string | undefined>
  /** `ttlMs`: milliseconds after which the value may be dropped; for ever when left out. */
  set(key: string, value: string, ttlMs?: number): Promise<void>
  delete(key: string): Promise<void>
  /** Takes the lock for at most `ttlMs` milliseconds; `undefined` when somebody else has it. */
  lock?(key: string, ttlMs: number): Promise<Release | undefined>
}

/**
 * A store in this process's memory; what each token script has when it is given none.
 *
 * @example
 * ```ts
 * import { clientCredentials, memoryStore } from '@ez/oauth2'
 *
 * const store = memoryStore() // shared by several scripts
 * const script = clientCredentials({
 *   tokenEndpoint: 'https://auth.example.com/token', clientId: 'id', clientSecret: 'example-secret', store,
 * })
 * ```
 */
export function memoryStore(): TokenStore {
  const values = new Map<string, string>()
  const locks = new Set<string>()
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    async lock(key) {
      if (locks.has(key)) return undefined
      locks.add(key)
      return async () => void locks.delete(key)
    },
  }
}
