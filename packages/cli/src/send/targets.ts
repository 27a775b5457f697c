import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EzError } from '@ez/core'

/**
 * Makes sure, before anything is sent, that a file can be written afterwards: an answer must not be lost to a typing error.
 *
 * @throws EZ_USAGE
 */
export async function checkTarget(flag: string, file: string | undefined): Promise<void> {
  if (file === undefined || file === '-') return
  const path = resolve(file)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) throw refused(flag, file, 'it is a directory. Name a file in it.')
  try {
    await access(found ? path : dirname(path), constants.W_OK)
  } catch (cause) {
    throw refused(flag, file, whyNot(cause, found ? path : dirname(path)), cause)
  }
}

/** Makes a folder that is to be written to. @throws EZ_USAGE */
export async function makeFolder(flag: string, folder: string | undefined): Promise<void> {
  if (folder === undefined) return
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw refused(flag, folder, whyNot(cause, resolve(folder)), cause)
  }
}

function whyNot(cause: unknown, path: string): string {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return `there is no folder ${path}. Make it first.`
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${path} may not be written. Change its permissions, or name another.`
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file stands where a folder is needed. Name another.'
  return `it cannot be written: ${code ?? String(cause)}.`
}

const refused = (flag: string, file: string, why: string, cause?: unknown): EzError =>
  new EzError('EZ_USAGE', `${flag} ${file}: ${why}`, cause === undefined ? {} : { cause })
