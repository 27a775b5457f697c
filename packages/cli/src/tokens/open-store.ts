import type { ListedTokenStore } from '@ez/oauth2'
import { keychainKey } from './keychain-key.ts'
import { storeFolder } from './store-folder.ts'

/** A store, and why it ends with the process, if it does. */
export interface OpenStore {
  readonly store: ListedTokenStore
  readonly lost?: string
}

const cure =
  'Set EZ_STORE_KEY to 32 bytes in base64 (openssl rand -base64 32), or install @napi-rs/keyring beside ez on a machine with a keychain.'

/**
 * The store of tokens: files encrypted with EZ_STORE_KEY, else with a key in the system's keychain, else this
 * process's memory.
 *
 * @throws EZ_OPTION_INVALID when EZ_STORE_KEY is no key
 */
export async function openStore(): Promise<OpenStore> {
  const given = process.env.EZ_STORE_KEY
  const key = given !== undefined && given !== '' ? given : await keychainKey()
  if (key === undefined) {
    const { memoryStore } = await import('@ez/oauth2')
    return {
      store: memoryStore(),
      lost: `there is no EZ_STORE_KEY and no keychain, so that tokens end with this process. ${cure} With --no-store it is accepted.`,
    }
  }
  const [{ fileStore }, { storeKeyOf }] = await Promise.all([
    import('@ez/oauth2/file'),
    import('@ez/oauth2/seal'),
  ])
  storeKeyOf('the variable EZ_STORE_KEY', key)
  return { store: fileStore({ folder: storeFolder(), encryptionKey: key }) }
}
