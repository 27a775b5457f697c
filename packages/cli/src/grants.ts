import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { EzError } from '@ez/core'

/** What a request file may do only when the user says so: the file itself is data, and may come from anybody. */
export type Grant =
  | 'command'
  | 'outside'
  | 'network'
  | 'env'
  | 'keychain'
  | 'credentials'
  | 'packages'
  | 'store'

/** All grants, with what each allows. */
export const grantNames: Readonly<Record<Grant, string>> = {
  command: 'run a command that yields a secret',
  outside: 'read files outside the folder of the request file',
  network: 'let a script call hosts',
  env: 'read the environment of this process',
  keychain: "read the operating system's keychain",
  credentials: "use this machine's AWS or Azure credentials",
  store: 'use a login that was made for another file',
  packages: 'run packages that are installed beside it only',
}

/** What the user has granted, by flag for this run or by configuration for a folder. */
export class Grants {
  readonly #everywhere: ReadonlySet<string>
  readonly #folders: readonly { readonly folder: string; readonly grants: ReadonlySet<string> }[]

  constructor(everywhere: Iterable<string>, folders: Readonly<Record<string, readonly string[]>> = {}) {
    this.#everywhere = new Set(everywhere)
    this.#folders = Object.entries(folders).map(([folder, grants]) => ({
      folder: resolve(folder),
      grants: new Set(grants),
    }))
  }

  /** Whether a file may do something. */
  has(grant: Grant, file: string): boolean {
    if (this.#everywhere.has(grant)) return true
    return this.#folders.some(({ folder, grants }) => grants.has(grant) && isInside(file, folder))
  }

  /** @throws EZ_NOT_ALLOWED */
  check(grant: Grant, file: string, what: string): void {
    if (this.has(grant, file)) return
    throw new EzError(
      'EZ_NOT_ALLOWED',
      `${what} is not allowed: a request file is data, and may not ${grantNames[grant]} by itself. If you trust the file, add --allow ${grant}, or grant it in ${configFile()}.`,
      { details: { grant } },
    )
  }

  /** The absolute path of a file that another file names. @throws EZ_NOT_ALLOWED when it is outside that file's folder */
  path(named: string, from: string): string {
    const folder = dirname(from)
    const absolute = resolve(folder, named)
    if (!isInside(absolute, folder))
      this.check('outside', from, `${named}: a path outside the folder of the request file`)
    return absolute
  }
}

/** Where the user's own configuration is. */
export function configFile(): string {
  if (process.env.EZ_CONFIG) return process.env.EZ_CONFIG
  const base =
    process.platform === 'win32'
      ? (process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'))
      : (process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'))
  return join(base, 'ez', 'config.yaml')
}

function isInside(path: string, folder: string): boolean {
  const away = relative(real(folder), real(path))
  return away === '' || (away !== '..' && !away.startsWith(`..${sep}`) && resolve(away) !== away)
}

// Follows links, so that a link cannot lead outside; of a file that is not there, the folder's.
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(real(parent), path.slice(parent.length).replace(/^[\\/]+/, ''))
  }
}
