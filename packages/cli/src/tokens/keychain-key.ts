import { randomBytes } from 'node:crypto'
import { Grants } from '../grants.ts'
import { ownFolder } from '../providers/package.ts'
import { loadOptional } from '../providers/scripts.ts'

/** Where the store's key is in the keychain. No request file may read it. */
export const storeEntry = { service: 'ez', account: 'store-key' } as const

interface Keyring {
  readonly Entry: new (
    service: string,
    account: string,
  ) => { getPassword(): string | null; setPassword(password: string): void }
}

/**
 * The key of the encrypted tokens in the system's keychain, made when there is none; `undefined` when no keychain can
 * be used here. Only the key is there: a keychain takes short texts, and tokens can be longer.
 */
export async function keychainKey(): Promise<string | undefined> {
  try {
    const { Entry } = (await loadOptional(
      '@napi-rs/keyring',
      '.',
      ownFolder,
      'The keychain',
      new Grants([]),
    )) as unknown as Keyring
    const entry = new Entry(storeEntry.service, storeEntry.account)
    const known = entry.getPassword()
    if (known !== null && known !== '') return known
    entry.setPassword(randomBytes(32).toString('base64'))
    // What is there now: another process may have been faster.
    return entry.getPassword() ?? undefined
  } catch {
    return undefined
  }
}
