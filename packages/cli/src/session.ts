import { randomUUID } from 'node:crypto'
import { runTemplateScripts } from '@ez/client'
import { EzError, type PrepareContext, type PreparedRequest, prepare, type RequestTemplate } from '@ez/core'
import type { Expectation, SourceFile } from '@ez/request-file'
import { loadGrants } from './config.ts'
import { loadRequests } from './files/load.ts'
import { isMissing, joinedMissing, locatedError } from './files/locate.ts'
import { type LoadedRequest, layerOf } from './files/request-file.ts'
import { templateOf } from './files/template.ts'
import type { Grants } from './grants.ts'
import { momentOf, oneAttempt, readInstant, uuidOf } from './instant.ts'
import { resolveValue } from './providers/options.ts'
import { PostmanDialect, type PostmanSend } from './providers/postman.ts'
import { concealing, StepMaker } from './providers/steps.ts'
import { connectedFetch, type TransportFlags } from './send/transport.ts'
import type { OpenStore } from './tokens/open-store.ts'
import { TokenKeeper } from './tokens/token-keeper.ts'
import { readAssignment, VariableCollector, type VariableFlags } from './variables/collect.ts'
import { markSecrets, secretNumbers } from './variables/mark.ts'

/** The flags that every command with a request file has. */
export interface CommonFlags extends VariableFlags {
  readonly at?: string
  readonly nonce?: string
  readonly runtime?: readonly string[]
  readonly allow?: readonly string[]
  readonly color?: boolean
  readonly json?: boolean
  readonly debug?: boolean
  /** False with `--no-store`. */
  readonly store?: boolean
}

/** A request with all that `prepare` takes. */
export interface ReadyRequest {
  readonly template: RequestTemplate
  readonly context: PrepareContext
  /** Scripts of Postman that run around the send. */
  readonly postman?: PostmanSend
}

/** One run of a command: its flags, grants, variables and the steps that were made. */
export class Session {
  readonly grants: Grants
  /** Where tokens are kept. */
  readonly tokens: TokenKeeper
  /** What token requests are sent with, where no client sends them. */
  readonly fetch: typeof fetch
  readonly #flags: CommonFlags
  readonly #variables: VariableCollector
  readonly #steps: StepMaker
  /** Scripts of Postman's dialect. */
  readonly postman: PostmanDialect
  /** What flags fix, for every attempt alike. */
  readonly #fixed: PrepareContext
  // Of one request, read once: a run over many rows prepares it many times.
  readonly #collected = new Map<LoadedRequest, Promise<Record<string, unknown>>>()
  readonly #templates = new Map<LoadedRequest, Promise<RequestTemplate>>()

  private constructor(flags: CommonFlags & TransportFlags, grants: Grants, store?: () => Promise<OpenStore>) {
    this.grants = grants
    this.#flags = flags
    this.fetch = connectedFetch(flags)
    this.#variables = new VariableCollector(flags, grants)
    this.tokens = new TokenKeeper(grants, flags.store !== false, store)
    this.#steps = new StepMaker(grants, this.tokens)
    this.postman = new PostmanDialect(grants, flags.env)
    const { at, nonce } = flags
    this.#fixed = {
      ...(at !== undefined && momentOf(readInstant(at))),
      ...(nonce !== undefined && { nonce: () => nonce }),
    }
  }

  /** `store`: where tokens are kept, instead of this machine's own. */
  static async open(flags: CommonFlags & TransportFlags, store?: () => Promise<OpenStore>): Promise<Session> {
    return new Session(flags, await loadGrants(flags.allow ?? []), store)
  }

  /** The files of variables that were read so far. */
  get variableSources(): readonly SourceFile[] {
    return this.#variables.sources
  }

  /** The requests of a file, or the one after `#`. */
  load(argument: string): Promise<LoadedRequest[]> {
    return loadRequests(argument, this.grants)
  }

  /** The one request that an argument names. @throws EZ_REQUEST_UNKNOWN when the file holds several */
  async loadOne(argument: string): Promise<LoadedRequest> {
    const requests = await this.load(argument)
    if (requests.length === 1) return requests[0] as LoadedRequest
    const names = requests.map(({ value }) => value.name)
    throw new EzError(
      'EZ_REQUEST_UNKNOWN',
      `${argument}: it holds ${requests.length} requests. Name one after "#": ${argument}#${names[0]}. There are: ${names.join(', ')}.`,
    )
  }

  /** The context of a send of a request, with its start and `{%uuid%}`; `overrides` win. */
  async context(request: LoadedRequest, overrides: PrepareContext = {}): Promise<PrepareContext> {
    const { runtime } = this.#flags
    const { name = '', secrets, allowedHosts } = request.value
    const outputs = runtime && Object.fromEntries(runtime.map(readAssignment))
    return {
      variables: await remembered(this.#collected, request, () => this.#variables.collect(request)),
      startedAt: new Date(),
      uuid: this.uuid(name),
      ...this.#fixed,
      ...(outputs && { outputs: markSecrets(outputs, new Set(secrets)) }),
      ...(allowedHosts && { allowedHosts }),
      ...overrides,
    }
  }

  /** The `{%uuid%}` of one send: a new one, or with `--nonce` always the same for the same name. */
  uuid(name: string): () => string {
    const { nonce } = this.#flags
    const uuid = nonce === undefined ? randomUUID() : uuidOf(`${nonce}\n${name}`)
    return () => uuid
  }

  /** The template and context of a request that may take several attempts, with its steps made. */
  async ready(request: LoadedRequest, overrides: PrepareContext = {}): Promise<ReadyRequest> {
    const context = await this.context(request, overrides)
    const template = await remembered(this.#templates, request, () => templateOf(request, this.grants))
    const postman = await this.postman.open(request)
    let preRequest: NonNullable<RequestTemplate['preRequest']>
    try {
      // Made before the attempts, steps have a clock and a nonce of their own, unless those are fixed.
      preRequest = await this.#steps.steps(request, { ...oneAttempt(), ...context })
    } catch (error) {
      // What else is missing, only the scripts know.
      throw isMissing(error) && !postman ? await this.#allMissing(error, request, template, context) : error
    }
    const listed = new Set(request.value.secrets)
    const given = [context.variables, context.data, context.outputs]
    const secrets = given.flatMap((values) => secretNumbers(values, listed))
    if (secrets.length > 0) preRequest = [concealing({ secrets, tokens: new Set() }), ...preRequest]
    return { template: { ...template, preRequest }, context, ...(postman && { postman }) }
  }

  /** As `ready`, for one attempt: `{%now%}` and `{%nonce%}` are the same wherever they stand. */
  readyOnce(request: LoadedRequest, overrides: PrepareContext = {}): Promise<ReadyRequest> {
    return this.ready(request, { ...oneAttempt(), ...this.#fixed, ...overrides })
  }

  // Variables that steps miss, and those that the request itself misses, are told together.
  async #allMissing(
    error: EzError,
    request: LoadedRequest,
    template: RequestTemplate,
    context: PrepareContext,
  ): Promise<EzError> {
    try {
      await prepare(template, context)
    } catch (own) {
      return joinedMissing([locatedError(own, request), error]) ?? error
    }
    return error
  }

  /** What the answer must be like; tokens in it stand for the same values as in a request with this context. */
  async expectation(request: LoadedRequest, { context }: ReadyRequest): Promise<Expectation | undefined> {
    const { source, path } = layerOf(request, 'expect')
    const place = { source, path: [...path, 'expect'] }
    return (await resolveValue(request.value.expect, context, request, place)) as Expectation | undefined
  }

  /** Prepares a request; errors say the line of the file. */
  async prepare(request: LoadedRequest, overrides: PrepareContext = {}): Promise<PreparedRequest> {
    return this.prepareWith(request, await this.readyOnce(request, overrides))
  }

  /** Prepares what `ready` gave. */
  async prepareWith(request: LoadedRequest, ready: ReadyRequest): Promise<PreparedRequest> {
    const { postman } = ready
    try {
      const { template, context } = postman ? await runTemplateScripts(ready, [postman.script]) : ready
      return await prepare(template, { fetch: this.fetch, ...context })
    } catch (error) {
      throw locatedError(error, request)
    }
  }
}

function remembered<Value>(
  values: Map<LoadedRequest, Promise<Value>>,
  request: LoadedRequest,
  make: () => Promise<Value>,
): Promise<Value> {
  let value = values.get(request)
  if (!value) {
    value = make()
    values.set(request, value)
  }
  return value
}
