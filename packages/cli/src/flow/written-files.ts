import { createHash } from 'node:crypto'
import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** A file that a flow wrote, as it was when the flow left it. */
interface Written {
  readonly path: string
  /** Absolute path of the flow's file. */
  readonly flow: string
  readonly bytes: number
  readonly modifiedMs: number
}

/**
 * Which files a flow has written in earlier runs, so that the next run may replace them.
 *
 * It is kept in the user's own state folder: what a request file brings along cannot pretend to it. A file that was
 * changed since is the user's.
 */
export class WrittenFiles {
  readonly #flow: string

  constructor(flow: string) {
    this.#flow = flow
  }

  /** Whether an earlier run of this flow wrote the file, and nobody changed it since. */
  async has(path: string): Promise<boolean> {
    try {
      const { flow, bytes, modifiedMs } = JSON.parse(await readFile(noteOf(path), 'utf8')) as Written
      const found = await lstat(path)
      return flow === this.#flow && found.isFile() && found.size === bytes && found.mtimeMs === modifiedMs
    } catch {
      return false
    }
  }

  /** Notes a file that was written. Without a state folder the next run asks for --force. */
  async add(path: string): Promise<void> {
    try {
      const { size, mtimeMs } = await lstat(path)
      const written: Written = { path, flow: this.#flow, bytes: size, modifiedMs: mtimeMs }
      const note = noteOf(path)
      await mkdir(dirname(note), { recursive: true })
      await writeFile(note, `${JSON.stringify(written)}\n`, { mode: 0o600 })
    } catch {
      // Nothing depends on it but a convenience.
    }
  }
}

const noteOf = (path: string): string =>
  join(stateFolder(), 'outputs', `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.json`)

// XDG Base Directory Specification; on Windows what does not roam.
function stateFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env
  const base =
    process.platform === 'win32'
      ? (LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
      : (XDG_STATE_HOME ?? join(homedir(), '.local', 'state'))
  return join(base, 'ez')
}
