import { createWriteStream } from 'node:fs'
import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { Writable } from 'node:stream'
import { EzError } from '@ez/core'
import { refused } from './output-name.ts'
import { WrittenFiles } from './written-files.ts'

/** The output files of one run: below one folder, never through a link, never over a file of somebody else. */
export class OutputFiles {
  readonly #folder: string
  readonly #force: boolean
  readonly #earlier: WrittenFiles
  readonly #written = new Set<string>()
  #count = 0

  constructor(folder: string, force: boolean, flow: string) {
    this.#folder = resolve(folder)
    this.#force = force
    this.#earlier = new WrittenFiles(flow)
  }

  /** Makes sure that a file may be written. @throws EZ_OUTPUT_PATH */
  async check(name: string): Promise<string> {
    const path = resolve(this.#folder, name)
    const away = relative(this.#folder, path)
    if (away === '' || away === '..' || away.startsWith(`..${sep}`) || resolve(away) === away)
      throw refused(name, 'it lies outside its folder')
    await this.#refuseLinks(name, away)
    await this.#refuseForeign(name, path)
    return path
  }

  /**
   * Opens a file. It is written beside its place, and takes it when it is whole.
   *
   * @throws EZ_OUTPUT_PATH
   */
  async open(name: string): Promise<WritableStream<Uint8Array>> {
    const path = await this.check(name)
    await mkdir(dirname(path), { recursive: true })
    this.#count += 1
    const partial = join(dirname(path), `.${basename(path)}.${process.pid}-${this.#count}.partial`)
    const file = createWriteStream(partial, { flags: 'wx' })
    await new Promise<void>((ready, fail) => file.once('open', () => ready()).once('error', fail)).catch(
      (cause: unknown) => {
        throw new EzError('EZ_OUTPUT_PATH', `output ${JSON.stringify(name)}: it cannot be written.`, {
          cause,
        })
      },
    )
    const inner = Writable.toWeb(file).getWriter() as WritableStreamDefaultWriter<Uint8Array>
    return new WritableStream<Uint8Array>({
      write: (chunk) => inner.write(chunk),
      close: async () => {
        await inner.close()
        await this.#refuseForeign(name, path)
        await rename(partial, path)
        this.#written.add(path)
        await this.#earlier.add(path)
      },
      abort: async (reason) => {
        await inner.abort(reason).catch(() => undefined)
        await rm(partial, { force: true })
      },
    })
  }

  async #refuseLinks(name: string, away: string): Promise<void> {
    let path = this.#folder
    for (const segment of away.split(sep)) {
      path = join(path, segment)
      const found = await lstat(path).catch(() => undefined)
      if (!found) return
      if (found.isSymbolicLink()) throw refused(name, `${path} is a link`)
    }
  }

  async #refuseForeign(name: string, path: string): Promise<void> {
    if (this.#written.has(path)) throw refused(name, 'this run wrote it already, for another answer')
    if (this.#force) return
    const found = await lstat(path).catch(() => undefined)
    if (found && !(await this.#earlier.has(path)))
      throw new EzError(
        'EZ_OUTPUT_PATH',
        `output ${JSON.stringify(name)}: ${path} is there already, and not of an earlier run of this flow. Add --force to write over it, or name another file.`,
        { details: { file: name } },
      )
  }
}
