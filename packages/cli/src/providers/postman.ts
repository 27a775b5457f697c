import { basename, dirname } from 'node:path'
import type { TemplateScript } from '@ez/client'
import type { PrepareContext, ResponseSnapshot } from '@ez/core'
import type { StepValue } from '@ez/request-file'
import { atPlace } from '../files/locate.ts'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { readText } from '../files/source.ts'
import type { Grants } from '../grants.ts'
import { bigintText } from './options.ts'
import { loadOptional } from './scripts.ts'

/** What a test of a script found. */
export interface TestResult {
  readonly name: string
  readonly passed: boolean
  readonly error?: string
}

/** What was sent, and what came back. */
export interface Answered {
  readonly prepared: {
    readonly method: string
    readonly url: string
    readonly headers: Iterable<readonly [string, string]>
  }
  readonly response: ResponseSnapshot
  readonly milliseconds: number
}

/** The scripts of Postman's dialect of one send. */
export interface PostmanSend {
  /** Runs before the template is resolved. */
  readonly script: TemplateScript
  readonly hasTests: boolean
  /** Runs what looks at the answer. */
  test(answered: Answered, context: PrepareContext): Promise<readonly TestResult[]>
}

interface Script {
  readonly name: string
  readonly source: string
}

interface Options {
  readonly scripts: readonly Script[]
  readonly allow?: { readonly hosts: readonly string[] }
  readonly timeoutMs?: number
  readonly memoryMb?: number
}

interface PostmanModule {
  readonly PostmanValues: new () => object
  readonly postmanTemplateScript: (
    options: Options & { values: object; environmentName?: string },
  ) => TemplateScript
  readonly postmanTests: (
    options: Options & { values: object; environmentName?: string },
  ) => (answered: Answered, context: PrepareContext, name?: string) => Promise<readonly TestResult[]>
}

interface Read {
  readonly before: Options
  readonly after: Options
}

/** Whether a step is a script of Postman's dialect. */
export const isPostman = ({ dialect }: StepValue): boolean => dialect === 'postman'

/** The scripts of Postman's dialect in request files, their texts read once. */
export class PostmanDialect {
  readonly #grants: Grants
  readonly #environmentName: string | undefined
  readonly #read = new Map<LoadedRequest, Promise<Read>>()
  // The steps of a flow share what their scripts set.
  readonly #values = new Map<string, object>()

  constructor(grants: Grants, environmentName: string | undefined) {
    this.#grants = grants
    this.#environmentName = environmentName
  }

  /** What runs around one send of a request; `undefined` when it has no such scripts. */
  async open(request: LoadedRequest): Promise<PostmanSend | undefined> {
    if (!mayHave(request)) return undefined
    const { before, after } = await this.#scriptsOf(request)
    const need = `The script ${before.scripts[0]?.name ?? after.scripts[0]?.name ?? 'of the flow'}`
    const folder = dirname(request.source.absolute)
    const module = (await loadOptional(
      '@ez/javascript',
      './postman',
      folder,
      need,
      this.#grants,
    )) as unknown as PostmanModule
    const common = {
      values: this.#valuesOf(request, module),
      ...(this.#environmentName !== undefined && { environmentName: this.#environmentName }),
    }
    return {
      script: module.postmanTemplateScript({ ...before, ...common }),
      hasTests: after.scripts.length > 0,
      test: (answered, context) =>
        module.postmanTests({ ...after, ...common })(answered, context, request.value.name),
    }
  }

  /** The texts of the scripts of a request: for what is looked up in them. */
  async texts(request: LoadedRequest): Promise<string[]> {
    if (!mayHave(request)) return []
    const { before, after } = await this.#scriptsOf(request)
    return [...before.scripts, ...after.scripts].map(({ source }) => source)
  }

  #valuesOf({ step, source }: LoadedRequest, { PostmanValues }: PostmanModule): object {
    if (!step) return new PostmanValues()
    const values = this.#values.get(source.absolute) ?? new PostmanValues()
    this.#values.set(source.absolute, values)
    return values
  }

  #scriptsOf(request: LoadedRequest): Promise<Read> {
    let read = this.#read.get(request)
    if (!read) {
      read = this.#readAll(request)
      this.#read.set(request, read)
    }
    return read
  }

  async #readAll(request: LoadedRequest): Promise<Read> {
    return {
      before: await this.#options(request, 'preRequest'),
      after: await this.#options(request, 'tests'),
    }
  }

  async #options(request: LoadedRequest, key: 'preRequest' | 'tests'): Promise<Options> {
    const { source, path } = layerOf(request, key)
    const scripts: Script[] = []
    const hosts = new Set<string>()
    let limits: Pick<Options, 'timeoutMs' | 'memoryMb'> = {}
    for (const [index, step] of (request.value[key] ?? []).entries()) {
      if (!isPostman(step)) continue
      const { script = '', allow, timeoutMs, memoryMb } = step
      const place = { source, path: [...path, key, index, 'script'] }
      const text = await atPlace(place, async () => {
        const own = allow?.hosts ?? []
        if (own.length > 0)
          this.#grants.check('network', source.absolute, `${script}: network access to ${own.join(', ')}`)
        for (const host of own) hosts.add(host)
        return readText(script, this.#grants.path(script, source.absolute))
      })
      limits = {
        ...limits,
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(memoryMb !== undefined && { memoryMb }),
      }
      scripts.push({ name: basename(script), source: text })
    }
    return { scripts, ...limits, ...(hosts.size > 0 && { allow: { hosts: [...hosts] } }) }
  }
}

function mayHave({ value, step, source }: LoadedRequest): boolean {
  if ([...(value.preRequest ?? []), ...(value.tests ?? [])].some(isPostman)) return true
  // A step without scripts of its own sees what others set.
  return step !== undefined && JSON.stringify(source.value, bigintText).includes('"dialect":"postman"')
}
