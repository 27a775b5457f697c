/** Texts that a program keeps for steps, such as tokens. */
export interface ProviderHostStore {
  /** The value of a key, if there is one. */
  get(key: string): Promise<string | undefined>
  /** `ttlMs`: milliseconds after which the value may be dropped; for ever when left out. */
  set(key: string, value: string, ttlMs?: number): Promise<void>
  /** Removes a key. */
  delete(key: string): Promise<void>
  /** Takes a lock for at most `ttlMs` milliseconds; `undefined` when another holder has it. */
  lock?(key: string, ttlMs: number): Promise<{ (): Promise<void>; isHeld?(): boolean } | undefined>
  /** The keys of all entries. */
  keys(): Promise<readonly string[]>
  /** Why what is kept ends with the process, and what to do about it; absent when it lasts, or the user accepts it. */
  readonly lost?: string
}
