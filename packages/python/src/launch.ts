import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** The process of an interpreter. */
export type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** The folder of what runs inside the child; the same step up from `src` and from `dist`. */
export const runtimeFolder: string = realpathSync(fileURLToPath(new URL('../runtime/', import.meta.url)))

/** The folder of Pyodide. */
export const pyodideFolder: string = dirname(
  realpathSync(createRequire(import.meta.url).resolve('pyodide/package.json')),
)

// The flag lost its prefix in Node 22.13 and 23.5.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const permission =
  major >= 24 || (major === 22 && minor >= 13) || (major === 23 && minor >= 5)
    ? '--permission'
    : '--experimental-permission'

/**
 * Starts an interpreter: no file but Pyodide's own, no child processes, no workers, no add-ons, no code from
 * strings, an empty environment. On Node 25 and later the permission model bars the network too.
 */
export function launch(mode: 'run' | 'build', snapshot: string | undefined): Child {
  const readable = [runtimeFolder, pyodideFolder, ...(snapshot === undefined ? [] : [snapshot])]
  const { SystemRoot } = process.env
  return spawn(
    process.execPath,
    [
      permission,
      '--no-warnings',
      '--disallow-code-generation-from-strings',
      '--max-old-space-size=256',
      ...readable.map((path) => `--allow-fs-read=${path}`),
      join(runtimeFolder, 'main.mjs'),
      pyodideFolder,
      mode,
      ...(snapshot === undefined ? [] : [snapshot]),
    ],
    {
      cwd: runtimeFolder,
      // The clock of scripts is UTC on every machine. Windows starts no process without SystemRoot.
      env: { TZ: 'UTC', ...(SystemRoot === undefined ? {} : { SystemRoot }) },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    },
  )
}
