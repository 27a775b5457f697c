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

/**
 * The flags of a child that runs scripts: nothing but these folders can be read; no writing, no child processes, no
 * workers, no add-ons, no code from strings. On Node 25 and later they bar the network too.
 */
export function flagsFor(version: string, readable: readonly string[]): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  // The flag lost its prefix in Node 22.13 and 23.5.
  const permission =
    major >= 24 || (major === 22 && minor >= 13) || (major === 23 && minor >= 5)
      ? '--permission'
      : '--experimental-permission'
  return [
    permission,
    '--no-warnings',
    '--disallow-code-generation-from-strings',
    '--max-old-space-size=256',
    // A run leaves little in V8: with a small young generation the process does not grow from run to run.
    '--max-semi-space-size=4',
    ...readable.map((path) => `--allow-fs-read=${path}`),
  ]
}

/** Starts an interpreter, which can read Pyodide's files and has an empty environment. */
export function launch(mode: 'run' | 'build', snapshot: string | undefined): Child {
  const readable = [runtimeFolder, pyodideFolder, ...(snapshot === undefined ? [] : [snapshot])]
  const { SystemRoot } = process.env
  return spawn(
    process.execPath,
    [
      ...flagsFor(process.versions.node, readable),
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
