import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EzError } from '@ez/core'
import type { SourceFile } from '@ez/request-file'
import { parse as parseDotenv } from 'dotenv'
import { atPlace, type Place } from '../files/locate.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import { readSource, readText } from '../files/source.ts'
import type { Grants } from '../grants.ts'
import { markSecrets } from './mark.ts'
import { fromSource, readStandardInput, sourceKind } from './secret-source.ts'

/** The flags that give variables. */
export interface VariableFlags {
  readonly var?: readonly string[]
  readonly vars?: readonly string[]
  readonly envFile?: readonly string[]
  readonly env?: string
  readonly secretStdin?: string
}

type Values = Map<string, unknown>

/** Collects variables by precedence, once per file; flags are read once a run. */
export class VariableCollector {
  readonly #flags: VariableFlags
  readonly #grants: Grants
  #fromFlags: Promise<{ readonly strong: Values; readonly envFiles: Values }> | undefined
  readonly #sources = new Map<string, SourceFile>()

  constructor(flags: VariableFlags, grants: Grants) {
    this.#flags = flags
    this.#grants = grants
  }

  /**
   * The variables of a request. Later wins: the file's own `variables`, `ez.env.yaml`, `.env` and
   * `ez.env.<name>.yaml` beside it, `--env-file`, `EZ_VAR_*`, `--vars`, `--var`, `--secret-stdin`.
   */
  async collect(request: LoadedRequest): Promise<Record<string, unknown>> {
    this.#fromFlags ??= this.#readFlags()
    const { strong, envFiles } = await this.#fromFlags
    const merged: Values = new Map([
      ...(await this.#ofRequest(request)),
      ...(await this.#beside(request.source.absolute)),
      ...envFiles,
      ...processVariables(),
      ...strong,
    ])
    return markSecrets(Object.fromEntries(merged), new Set(request.value.secrets))
  }

  /** The files of variables that were read so far. */
  get sources(): readonly SourceFile[] {
    return [...this.#sources.values()]
  }

  async #ofRequest(request: LoadedRequest): Promise<Values> {
    const values: Values = new Map()
    for (const { source, path, value } of [...request.layers].reverse())
      for (const [name, given] of Object.entries(value.variables ?? {}))
        values.set(name, await this.#settle(name, given, { source, path: [...path, 'variables', name] }))
    return values
  }

  async #beside(file: string): Promise<Values> {
    const folder = dirname(file)
    const values: Values = new Map()
    // A link beside a request file may lead anywhere; what it leads to is read only where the user allows it.
    const allowed = (name: string): string => this.#grants.path(name, file)
    const add = async (name: string, needed: boolean): Promise<void> => {
      const found = [`${name}.yaml`, `${name}.yml`, `${name}.json`].find((candidate) =>
        existsSync(join(folder, candidate)),
      )
      if (found)
        for (const [key, value] of await this.#variablesFile(allowed(found), found)) values.set(key, value)
      else if (needed)
        throw new EzError(
          'EZ_FILE_NOT_FOUND',
          `--env ${this.#flags.env}: there is no ${name}.yaml beside ${basename(file)}. Looked in ${folder}.`,
        )
    }
    await add('ez.env', false)
    if (existsSync(join(folder, '.env')))
      for (const [key, value] of await readDotenv('.env', allowed('.env'))) values.set(key, value)
    if (this.#flags.env !== undefined) await add(`ez.env.${this.#flags.env}`, true)
    return values
  }

  async #readFlags(): Promise<{ strong: Values; envFiles: Values }> {
    const envFiles: Values = new Map()
    for (const file of this.#flags.envFile ?? [])
      for (const [key, value] of await readDotenv(file, file)) envFiles.set(key, value)
    const strong: Values = new Map()
    for (const file of this.#flags.vars ?? [])
      for (const [key, value] of await this.#variablesFile(file, file)) strong.set(key, value)
    for (const assignment of this.#flags.var ?? []) strong.set(...readAssignment(assignment))
    const { secretStdin } = this.#flags
    if (secretStdin !== undefined) strong.set(secretStdin, readStandardInput)
    return { strong, envFiles }
  }

  async #variablesFile(file: string, name: string): Promise<Values> {
    const source = await readSource(name, file === name ? process.cwd() : dirname(file))
    this.#sources.set(source.absolute, source)
    const { value } = source
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new EzError('EZ_FILE_INVALID', `${name}: a file of variables is a map of names and values.`)
    const values: Values = new Map()
    for (const [key, given] of Object.entries(value))
      values.set(key, await this.#settle(key, given, { source, path: [key] }))
    return values
  }

  // What goes wrong with a secret's source is told with its line, now or when it is fetched.
  async #settle(name: string, value: unknown, place: Place): Promise<unknown> {
    if (sourceKind(value) === undefined) return value
    const settled = await atPlace(place, () => fromSource(name, value, place.source.absolute, this.#grants))
    return typeof settled === 'function' ? () => atPlace(place, settled as () => unknown) : settled
  }
}

async function readDotenv(name: string, file: string): Promise<[string, unknown][]> {
  return Object.entries(parseDotenv(await readText(name, file)))
}

// EZ_VAR_HOST is {{HOST}}, and {{host}} too: many shells and CI systems allow upper case only.
function processVariables(): [string, unknown][] {
  const given: [string, unknown][] = []
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith('EZ_VAR_') || value === undefined) continue
    const own = name.slice('EZ_VAR_'.length)
    if (own === own.toUpperCase()) given.unshift([own.toLowerCase(), value])
    given.push([own, value])
  }
  return given
}

/** `name=text`, or `name:=json` for other types. @throws EZ_USAGE */
export function readAssignment(assignment: string): [string, unknown] {
  const match = /^([^=:]+)(:?=)([\s\S]*)$/.exec(assignment)
  if (!match)
    throw new EzError(
      'EZ_USAGE',
      '--var or --runtime: a value holds no "=". It must be name=value, as in --var host=api.example.com, or name:=json.',
    )
  const [, name, operator, text] = match as unknown as [string, string, string, string]
  if (operator === '=') return [name.trim(), text]
  try {
    return [name.trim(), JSON.parse(text) as unknown]
  } catch {
    throw new EzError(
      'EZ_USAGE',
      `${name}:= must be followed by JSON, as in ${name}:='["A1"]'. For a text, write ${name}=…`,
    )
  }
}
