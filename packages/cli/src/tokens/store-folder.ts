import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder of encrypted tokens: the variable EZ_STORE, or the user's own data folder. */
export function storeFolder(): string {
  if (process.env.EZ_STORE) return process.env.EZ_STORE
  const base =
    process.platform === 'win32'
      ? (process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
      : (process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'))
  return join(base, 'ez', 'tokens')
}
