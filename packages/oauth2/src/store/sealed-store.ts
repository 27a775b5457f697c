import type { Secret } from '@ez/core'
import { seal, storeKeyOf, unseal } from './seal.ts'
import type { TokenStore } from './token-store.ts'

/**
 * A store whose values are encrypted with one key before they leave this process (AES-256-GCM), each bound to its entry.
 *
 * @param key 32 bytes in base64
 * @throws EZ_OPTION_INVALID when the key is not 32 bytes in base64
 *
 * @example
 * ```ts
 * import { memoryStore } from '@ez/oauth2'
 * import { sealedStore } from '@ez/oauth2/sealed'
 *
 * const store = sealedStore(memoryStore(), 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')
 * ```
 */
export function sealedStore<Store extends TokenStore>(store: Store, key: string | Secret): Store {
  const bytes = storeKeyOf('sealedStore: the key', key)
  return {
    ...store,
    async get(entry: string) {
      const sealed = await store.get(entry)
      return sealed === undefined ? undefined : unseal(bytes, entry, sealed)
    },
    async set(entry: string, value: string, ttlMs?: number) {
      await store.set(entry, await seal(bytes, entry, value), ttlMs)
    },
  }
}
