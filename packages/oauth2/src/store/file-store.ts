import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Secret } from '@ez/core'
import { takeLock } from './file-lock.ts'
import { seal, storeKeyOf, unseal } from './seal.ts'
import type { ListedTokenStore } from './token-store.ts'

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /** Folder of the entries, one file each; made when it is missing. */
  readonly folder: string
  /** 32 bytes in base64: every entry is encrypted with it (AES-256-GCM) and bound to its name. */
  readonly encryptionKey: string | Secret
}

/** An entry as it is sealed: its own name is inside, so that the folder can be listed. */
interface Sealed {
  readonly key: string
  readonly value: string
  /** Milliseconds since 1970 after which it is dropped. */
  readonly until?: number
}

const ending = '.jwe'

/**
 * A store in encrypted files, shared by the processes of one machine; one of them refreshes a token at a time.
 *
 * A process that is killed while it holds a lock gives it up after ten seconds.
 *
 * @throws EZ_OPTION_INVALID when the key is not 32 bytes in base64
 *
 * @example
 * ```ts
 * import type { Secret } from '@ez/core'
 * import { refreshToken } from '@ez/oauth2'
 * import { fileStore } from '@ez/oauth2/file'
 *
 * const tokens = (token: Secret, encryptionKey: Secret) =>
 *   refreshToken({
 *     tokenEndpoint: 'https://auth.example.com/token',
 *     clientId: 'my-client',
 *     refreshToken: token,
 *     store: fileStore({ folder: '/var/lib/my-app/tokens', encryptionKey }),
 *   })
 * ```
 */
export function fileStore({ folder, encryptionKey }: FileStoreOptions): ListedTokenStore {
  const bytes = storeKeyOf('fileStore: option encryptionKey', encryptionKey)
  const nameOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32)
  const fileOf = (key: string): string => join(folder, nameOf(key) + ending)

  async function open(name: string): Promise<Sealed | undefined> {
    let text: string
    try {
      text = await readFile(join(folder, name + ending), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    const sealed = JSON.parse(await unseal(bytes, name, text)) as Sealed
    return sealed.until === undefined || sealed.until > Date.now() ? sealed : undefined
  }

  return {
    get: async (key) => (await open(nameOf(key)))?.value,
    async set(key, value, ttlMs) {
      const sealed: Sealed = { key, value, ...(ttlMs !== undefined && { until: Date.now() + ttlMs }) }
      const text = await seal(bytes, nameOf(key), JSON.stringify(sealed))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Written beside and renamed: a process that is killed leaves the old entry or the new one.
      const beside = join(folder, `${randomUUID()}.new`)
      try {
        await writeFile(beside, text, { mode: 0o600, flag: 'wx' })
        await rename(beside, fileOf(key))
      } catch (error) {
        await rm(beside, { force: true })
        throw error
      }
    },
    delete: (key) => rm(fileOf(key), { force: true }),
    async lock(key) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return takeLock(fileOf(key))
    },
    async keys() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      const entries = await Promise.all(
        names.filter((name) => name.endsWith(ending)).map((name) => open(name.slice(0, -ending.length))),
      )
      return entries.flatMap((entry) => entry?.key ?? [])
    },
  }
}
