import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EzError } from '@ez/core'
import { SourceFile } from '@ez/request-file'

const largestBytes = 32_000_000

/**
 * Reads a YAML or JSON file.
 *
 * @throws EZ_FILE_NOT_FOUND, EZ_FILE_UNREADABLE, EZ_FILE_INVALID
 */
export async function readSource(name: string, base: string = process.cwd()): Promise<SourceFile> {
  const absolute = resolve(base, name)
  const text = await readText(name, absolute)
  if (text.trim() === '')
    throw new EzError('EZ_FILE_INVALID', `${name}: the file is empty. \`ez init\` writes one to start from.`)
  return new SourceFile(name, absolute, text)
}

/** Reads a text file, or says why it cannot be read. @throws EZ_FILE_NOT_FOUND, EZ_FILE_UNREADABLE, EZ_FILE_INVALID */
export async function readText(name: string, absolute: string): Promise<string> {
  const bytes = await readBytes(name, absolute)
  if (bytes.length > largestBytes)
    throw new EzError(
      'EZ_FILE_INVALID',
      `${name}: the file has ${bytes.length} bytes, which is too long for one of its kind.`,
    )
  let text: string | undefined
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Said below, as for a file with a NUL byte.
  }
  if (text === undefined || text.includes('\0'))
    throw new EzError('EZ_FILE_INVALID', `${name}: this is a binary file. Give a text file in UTF-8.`)
  return text
}

/** Reads a file, or says why it cannot be read. @throws EZ_FILE_NOT_FOUND, EZ_FILE_UNREADABLE */
export async function readBytes(name: string, absolute: string): Promise<Uint8Array> {
  try {
    return await readFile(absolute)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new EzError('EZ_FILE_NOT_FOUND', `${name}: there is no such file. Looked at ${absolute}.`, {
        cause,
      })
    const why =
      code === 'EISDIR'
        ? 'it is a directory. Name the file in it'
        : code === 'EACCES' || code === 'EPERM'
          ? 'you may not read it. Change its permissions'
          : (code ?? String(cause))
    throw new EzError('EZ_FILE_UNREADABLE', `${name}: the file cannot be read: ${why}.`, { cause })
  }
}
