import { realpathSync } from 'node:fs'
import type { ProviderHost, ProviderHostStore } from '@ez/core'
import type { ListedTokenStore } from '@ez/oauth2'
import type { Grant, Grants } from '../grants.ts'
import type { OpenStore } from './open-store.ts'

/** Lends pre-request steps the store of tokens; it is opened when a step first needs it. */
export class TokenKeeper {
  readonly #grants: Grants
  readonly #isStored: boolean
  readonly #given: (() => Promise<OpenStore>) | undefined
  #opening: Promise<ListedTokenStore> | undefined
  #lost: string | undefined

  /** `isStored`: false when the user wants nothing kept beyond the process; `given`: a store of the caller's. */
  constructor(grants: Grants, isStored: boolean, given?: () => Promise<OpenStore>) {
    this.#grants = grants
    this.#isStored = isStored
    this.#given = given
  }

  /** What the steps of a request file are lent; `from` is the file that they are written in. */
  host(file: string, from: string): ProviderHost {
    return {
      file: realpathSync(file),
      allows: (grant) => this.#grants.has(grant as Grant, from),
      check: (grant, what) => this.#grants.check(grant as Grant, from, what),
      store: this.#store(),
    }
  }

  /** The store itself. @throws EZ_OPTION_INVALID */
  open(): Promise<ListedTokenStore> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  /** Why what is kept ends with the process; known once the store was opened. */
  get lost(): string | undefined {
    return this.#lost
  }

  async #open(): Promise<ListedTokenStore> {
    if (!this.#isStored) return (await import('@ez/oauth2')).memoryStore()
    const open = this.#given ?? (await import('./open-store.ts')).openStore
    const { store, lost } = await open()
    this.#lost = lost
    if (lost !== undefined) process.stderr.write(`note: ${lost}\n`)
    return store
  }

  #store(): ProviderHostStore {
    const keeper = this
    return {
      get: async (key) => (await this.open()).get(key),
      set: async (key, value, ttlMs) => (await this.open()).set(key, value, ttlMs),
      delete: async (key) => (await this.open()).delete(key),
      lock: async (key, ttlMs) => (await this.open()).lock?.(key, ttlMs),
      keys: async () => (await this.open()).keys(),
      get lost() {
        return keeper.lost
      },
    } as ProviderHostStore
  }
}
