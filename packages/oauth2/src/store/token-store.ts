/** Gives a lock back. */
export interface Release {
  (): Promise<void>
  /** Whether the lock is still ours: a process that was stopped for long may have lost it. Left out: it is. */
  isHeld?(): boolean
}

/**
 * Where tokens are kept, for processes and machines to share.
 *
 * A store without `lock` cannot hold rotating refresh tokens: two processes would use one twice.
 */
export interface TokenStore {
  /** The value of a key; `undefined` when there is none, or its time is over. */
  get(key: string): Promise<string | undefined>
  /** `ttlMs`: milliseconds after which the value may be dropped; for ever when left out. */
  set(key: string, value: string, ttlMs?: number): Promise<void>
  /** Forgets a key; nothing happens when there is none. */
  delete(key: string): Promise<void>
  /** Takes the lock for at most `ttlMs` milliseconds; `undefined` when somebody else has it. */
  lock?(key: string, ttlMs: number): Promise<Release | undefined>
}

/** A store that can tell what it holds. */
export interface ListedTokenStore extends TokenStore {
  /** The keys of all entries that have not ended; they hold no secret. */
  keys(): Promise<readonly string[]>
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
export function memoryStore(): ListedTokenStore {
  const values = new Map<string, { readonly value: string; readonly until: number }>()
  const locks = new Set<string>()
  let most = 1000
  const drop = (now: number): void => {
    for (const [key, { until }] of values) if (until <= now) values.delete(key)
    most = Math.max(1000, values.size * 2)
  }
  return {
    async get(key) {
      const held = values.get(key)
      return held !== undefined && held.until > performance.now() ? held.value : undefined
    },
    async set(key, value, ttlMs = Number.POSITIVE_INFINITY) {
      const now = performance.now()
      values.set(key, { value, until: now + ttlMs })
      if (values.size > most) drop(now)
    },
    delete: async (key) => void values.delete(key),
    keys: async () => {
      drop(performance.now())
      return [...values.keys()]
    },
    async lock(key) {
      if (locks.has(key)) return undefined
      locks.add(key)
      return async () => void locks.delete(key)
    },
  }
}

/**
 * What steps with a rotating refresh token share when they are given no store: two steps of one process must not
 * spend the same token twice.
 */
export const processStore: TokenStore = /* @__PURE__ */ memoryStore()
