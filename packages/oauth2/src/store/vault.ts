import { EzError } from '@ez/core'
import type { Entry } from '../token/token.ts'
import { seal, unseal } from './seal.ts'
import type { Release, TokenStore } from './token-store.ts'

/** Reads and writes the entry of one key, encrypted at rest and bound to its key when an encryption key is given. */
export class Vault {
  readonly #id: string
  readonly #store: TokenStore
  readonly #key: string
  readonly #encryptionKey: Uint8Array | undefined

  constructor(id: string, store: TokenStore, key: string, encryptionKey: Uint8Array | undefined) {
    this.#id = id
    this.#store = store
    this.#key = key
    this.#encryptionKey = encryptionKey
  }

  /** @throws EZ_TOKEN_STORE_FAILED */
  async read(): Promise<Entry | undefined> {
    const text = await this.#tried('read', () => this.#store.get(this.#key))
    if (text === undefined) return undefined
    return this.#tried('understood (is it the same encryptionKey?)', async () =>
      entryOf(this.#encryptionKey === undefined ? text : await unseal(this.#encryptionKey, this.#key, text)),
    )
  }

  /** @throws EZ_TOKEN_STORE_FAILED */
  async write(entry: Entry, ttlMs?: number): Promise<void> {
    const plain = JSON.stringify(entry)
    const text = this.#encryptionKey === undefined ? plain : await seal(this.#encryptionKey, this.#key, plain)
    await this.#tried('written', () => this.#store.set(this.#key, text, ttlMs))
  }

  get hasLock(): boolean {
    return this.#store.lock !== undefined
  }

  /**
   * Takes the store's lock; `undefined` when somebody else has it, or there is none.
   *
   * @throws EZ_TOKEN_STORE_FAILED
   */
  async lock(ttlMs: number): Promise<Release | undefined> {
    return this.#tried('locked', async () => this.#store.lock?.(this.#key, ttlMs))
  }

  // The store's own message may quote what it was given, so it stays out.
  async #tried<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run()
    } catch (error) {
      if (EzError.isInstance(error)) throw error
      throw new EzError(
        'EZ_TOKEN_STORE_FAILED',
        `${this.#id}: the token store's entry ${this.#key} could not be ${what} (${reasonOf(error)}). Check the store.`,
        { details: { key: this.#key } },
      )
    }
  }
}

// A system's error code says much (EACCES, ENOSPC) and quotes nothing.
function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : String(name ?? 'unknown error')
}

// Somebody else may have written it: half an entry must not become half a header.
function entryOf(text: string): Entry {
  const entry = JSON.parse(text) as Entry | null
  const token = entry?.token
  if (
    typeof entry !== 'object' ||
    entry === null ||
    (token !== undefined && typeof token?.accessToken !== 'string')
  )
    throw new TypeError('no entry')
  return entry
}
