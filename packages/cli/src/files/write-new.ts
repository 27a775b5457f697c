import { writeFile } from 'node:fs/promises'
import { EzError } from '@ez/core'

/** Writes a file that is not there yet; with `force`, over one that is. @throws EZ_FILE_EXISTS */
export async function writeNew(file: string, text: string, force = false): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new EzError(
      'EZ_FILE_EXISTS',
      `${file}: it is there already. Name another file with --out, or add --force.`,
    )
  }
}
