import { EzError, type PrepareContext } from '@ez/core'
import type { LoadedRequest } from '../files/request-file.ts'
import { OutputFiles } from '../flow/output-files.ts'
import { outputName, refused } from '../flow/output-name.ts'
import { resolveValue } from '../providers/options.ts'

/** The file that a row's answer goes to. */
export type OpenFile = () => Promise<WritableStream<Uint8Array>>

/** The files of `--output` with rows: one for each, its name made of the row's values. */
export class RowOutputs {
  readonly #written: string
  readonly #files: OutputFiles
  readonly #names = new Set<string>()

  /** @throws EZ_USAGE for a name that is the same for all rows */
  constructor(written: string, request: LoadedRequest, force: boolean) {
    const first = written.search(/\{\{|\{%/)
    if (!written.includes('{{'))
      throw new EzError(
        'EZ_USAGE',
        `--output ${written}: with --data each row needs a file of its own. Name it by the row: --output 'answers/{{id}}.json'.`,
      )
    // What stands before the first value is the user's own choice, wherever it leads.
    const folder = /^.*[\\/]/.exec(written.slice(0, first))?.[0] ?? ''
    this.#written = written.slice(folder.length)
    this.#files = new OutputFiles(folder === '' ? '.' : folder, force, request.source.absolute)
  }

  /**
   * Chooses the file of a row before the row is sent.
   *
   * @throws EZ_OUTPUT_PATH, the codes of `prepare`
   */
  async choose(request: LoadedRequest, context: PrepareContext): Promise<OpenFile> {
    const place = { source: request.source, path: [] }
    const name = await outputName(this.#written, (token) => resolveValue(token, context, request, place))
    if (this.#names.has(name)) throw refused(this.#written, `another row has the name ${name} too`)
    await this.#files.check(name)
    this.#names.add(name)
    return () => this.#files.open(name)
  }
}
