import { createHash, randomUUID } from 'node:crypto'
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { launch, pyodideFolder, runtimeFolder } from '../launch.ts'
import { FrameReader } from './protocol.ts'

const largestSnapshot = 256 * 1024 * 1024
const smallestSnapshot = 1024 * 1024
const buildTimeoutMs = 120_000
const keptMs = 14 * 24 * 3600 * 1000
const known = new Map<string | undefined, Promise<string | undefined>>()

/**
 * The memory snapshot that interpreters start from: built once per machine and Pyodide version, then kept in a
 * folder that nobody else can write to. `undefined` when there is no such folder; interpreters then start plainly.
 */
export function findSnapshot(folder: string | undefined): Promise<string | undefined> {
  let found = known.get(folder)
  if (!found) {
    found = locate(folder).catch(() => undefined)
    known.set(folder, found)
  }
  return found
}

/** Forgets a snapshot from which no interpreter would start. */
export async function dropSnapshot(folder: string | undefined, path: string): Promise<void> {
  known.set(folder, Promise.resolve(undefined))
  await rm(path, { force: true }).catch(() => undefined)
}

async function locate(folder: string | undefined): Promise<string | undefined> {
  const name = await snapshotName()
  for (const candidate of folder === undefined ? defaultFolders() : [folder]) {
    const path = join(candidate, name)
    if (await trusted(path, 'file')) return path
    if (!(await usable(candidate))) continue
    return build(path)
  }
  return undefined
}

/** The project's own cache, then one in the system's folder for temporary files. */
function defaultFolders(): string[] {
  const marker = `${sep}node_modules${sep}`
  const at = pyodideFolder.indexOf(marker)
  const own = at < 0 ? [] : [join(pyodideFolder.slice(0, at + marker.length), '.cache', 'ez-python')]
  return [...own, join(tmpdir(), `ez-python-${process.getuid?.() ?? 'user'}`)]
}

/** Changes with Pyodide, with what the snapshot holds and with the engine that made it. */
async function snapshotName(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(pyodideFolder, 'package.json'), 'utf8')) as {
    version: string
  }
  const identity = createHash('sha256').update(`${process.versions.v8} ${process.arch}`)
  // The release of a wheel is in its name.
  for (const file of (await readdir(runtimeFolder)).sort())
    identity.update(file.endsWith('.whl') ? file : await readFile(join(runtimeFolder, file)))
  return `pyodide-${version}-${identity.digest('hex').slice(0, 16)}.snapshot`
}

// Whoever can write a snapshot decides what every later interpreter runs.
async function trusted(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined)
  if (!stats || !(kind === 'file' ? stats.isFile() && stats.size >= smallestSnapshot : stats.isDirectory()))
    return false
  const user = process.getuid?.()
  return user === undefined || ((stats.uid === user || stats.uid === 0) && (stats.mode & 0o022) === 0)
}

async function usable(folder: string): Promise<boolean> {
  try {
    await mkdir(dirname(folder), { recursive: true })
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    return await trusted(folder, 'folder')
  } catch {
    return false
  }
}

async function build(path: string): Promise<string> {
  const bytes = await made()
  const temporary = `${path}.${randomUUID()}`
  try {
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    await sweep(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  return path
}

/** Removes the snapshots of versions that were replaced long ago; whoever still uses one builds it anew. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('pyodide-')) continue
    const path = join(folder, name)
    const stats = await lstat(path).catch(() => undefined)
    if (stats && Date.now() - stats.mtimeMs > keptMs) await rm(path, { force: true })
  }
}

function made(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = launch('build', undefined)
    const reader = new FrameReader(largestSnapshot)
    const timer = setTimeout(() => child.kill('SIGKILL'), buildTimeoutMs)
    let snapshot: Buffer | undefined
    child.stderr.resume()
    child.stdout.on('data', (part: Buffer) => {
      snapshot ??= reader.push(part)[0]
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      if (code === 0 && snapshot) resolve(snapshot)
      else reject(new Error(`the snapshot was not built (exit code ${code})`))
    })
  })
}
