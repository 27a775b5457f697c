import { EzError, reveal, type Secret } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import type { Release, TokenStore } from './store.ts'
import type { Entry } from './token.ts'

/** Reads and writes the entry of one key, encrypted at rest when a key is given (JWE, A256GCM). */
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
    return this.#tried('understood (is it the same encryptionKey?)', async () => {
      if (this.#encryptionKey === undefined) return entryOf(text)
      const { plaintext } = await compactDecrypt(text, this.#encryptionKey, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      })
      return entryOf(new TextDecoder().decode(plaintext))
    })
  }

  /** @throws EZ_TOKEN_STORE_FAILED */
  async write(entry: Entry, ttlMs?: number): Promise<void> {
    const plain = JSON.stringify(entry)
    const text =
      this.#encryptionKey === undefined
        ? plain
        : await new CompactEncrypt(utf8(plain))
            .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
            .encrypt(this.#encryptionKey)
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
      throw new EzError(
        'EZ_TOKEN_STORE_FAILED',
        `${this.#id}: the token store's entry ${this.#key} could not be ${what} (${(error as Error)?.name ?? 'unknown error'}). See to the store.`,
      )
    }
  }
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

/** @throws EZ_OPTION_INVALID when it is not 32 bytes in base64 */
export function encryptionKeyOf(id: string, key: string | Secret | undefined): Uint8Array | undefined {
  if (key === undefined) return undefined
  const bytes = fromBase64(reveal(key))
  if (bytes?.length === 32) return bytes
  throw new EzError(
    'EZ_OPTION_INVALID',
    `${id}: encryptionKey must be 32 bytes in base64. Make one with: openssl rand -base64 32`,
  )
}
