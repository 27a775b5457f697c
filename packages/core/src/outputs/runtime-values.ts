import { EzError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import { describeMissing, type Missing } from '../check/missing-names.ts'
import type { TimeOptions } from '../contract/template.ts'
import type { SecretKeeper } from '../template/filters.ts'
import { isName, type Token } from '../template/parse.ts'
import { type TimeName, timeToken } from '../time/tokens.ts'

const timeNames: readonly string[] = ['today', 'yesterday', 'min_time', 'max_time']
const pageNames: readonly string[] = ['min_num', 'max_num', 'cursor_val']

/** Where the built-in values of one attempt come from. */
export interface RuntimeSources {
  /** When the send began; milliseconds, as of a `Date`. */
  readonly startedAt: number
  /** When the attempt began; milliseconds, as of a `Date`. */
  readonly instant: number
  nonce(): string
  uuid(): string
}

/** The `{%name%}` values of one attempt: time tokens, built-ins and the outputs of scripts. */
export class RuntimeValues implements SecretKeeper {
  /** Known beforehand: `min_num`, `max_num`, `cursor_val`. */
  readonly #outputs: Readonly<Record<string, unknown>>
  readonly #sources: RuntimeSources
  readonly #time: TimeOptions | undefined
  readonly #keeper: SecretKeeper
  // Made when they are needed: most attempts publish nothing.
  #published: Map<string, unknown> | undefined
  #times: Partial<Record<TimeName, string>> | undefined
  #closed: Set<string> | undefined
  #uuid: string | undefined
  #missing: Missing[] | undefined

  constructor(
    outputs: Readonly<Record<string, unknown>>,
    sources: RuntimeSources,
    time: TimeOptions | undefined,
    keeper: SecretKeeper,
  ) {
    this.#outputs = outputs
    this.#sources = sources
    this.#time = time
    this.#keeper = keeper
    for (const name of Object.keys(outputs))
      if (timeNames.includes(name))
        throw new EzError(
          'EZ_NAME_RESERVED',
          `outputs.${name}: {%${name}%} comes from the clock. Set startedAt instead.`,
        )
  }

  /** The value of a reserved name, the same before and after the scripts; `undefined` for any other. */
  reserved(token: Token): unknown {
    const name = token.path[0] as string
    if (token.path.length > 1) return undefined
    if (timeNames.includes(name)) return this.#timeToken(name as TimeName)
    return pageNames.includes(name) && Object.hasOwn(this.#outputs, name) ? this.#outputs[name] : undefined
  }

  /** The value of a token; a missing one is remembered, to be told with all others. */
  find(token: Token, place: string): unknown {
    const value = this.#value(token)
    if (value !== undefined) return value
    const fallback = token.filters.find(({ name }) => name === 'default')
    if (fallback) return fallback.argument
    this.#missing ??= []
    this.#missing.push({ name: token.name, place })
    return undefined
  }

  /** Whether a token has a value by now. */
  knows(token: Token): boolean {
    return this.#value(token) !== undefined
  }

  /** The value of a name as scripts read it; `undefined` when there is none. */
  get(name: string): unknown {
    return timeNames.includes(name) ? this.#timeToken(name as TimeName) : this.#lookup(name)
  }

  /** Masks a secret, and keeps it from scripts that may not read it. */
  conceal(value: unknown): void {
    this.#keeper.conceal(value)
  }

  /** Remembers that a read request holds this output, so that it cannot change any more. */
  close(name: string): void {
    this.#closed ??= new Set()
    this.#closed.add(name)
  }

  /**
   * Makes an output available.
   *
   * @throws EZ_SCRIPT_VALUE for what is no name
   * @throws EZ_NAME_RESERVED for a name that comes from the clock or the page
   * @throws EZ_CHANGED_AFTER_READ when a request that was read already holds another value
   */
  publish(name: string, value: unknown): void {
    if (!isName(name))
      throw new EzError(
        'EZ_SCRIPT_VALUE',
        `{%${String(name)}%}: a script published it, and no token can be called so. Use letters, digits, "_" and "-".`,
      )
    if (timeNames.includes(name) || pageNames.includes(name))
      throw new EzError('EZ_NAME_RESERVED', `{%${name}%} is reserved. Publish under another name.`)
    if (this.#closed?.has(name))
      throw new EzError(
        'EZ_CHANGED_AFTER_READ',
        `{%${name}%} was published after the request that holds it was read. Publish it first.`,
      )
    this.#published ??= new Map()
    if (value === undefined) this.#published.delete(name)
    else this.#published.set(name, value)
  }

  /** @throws EZ_OUTPUT_MISSING with every `{%name%}` that nothing gave a value, and its place */
  checkMissing(): void {
    if (!this.#missing) return
    const known = [
      ...timeNames,
      ...pageNames,
      'now',
      'timestamp',
      'timestamp_ms',
      'uuid',
      'nonce',
      ...Object.keys(this.#outputs),
      ...(this.#published?.keys() ?? []),
    ]
    const { missing, lines } = describeMissing(this.#missing, known, (name) => `{%${name}%}`)
    this.#missing = undefined
    throw new EzError(
      'EZ_OUTPUT_MISSING',
      `No script published ${lines}. Publish it, pass it in outputs, or give a default.`,
      { details: { missing } },
    )
  }

  #value(token: Token): unknown {
    let value = this.reserved(token) ?? this.#lookup(token.path[0] as string)
    for (const key of token.path.slice(1)) {
      if (
        typeof value !== 'object' ||
        value === null ||
        Secret.isInstance(value) ||
        !Object.hasOwn(value, key)
      )
        return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return value
  }

  #lookup(name: string): unknown {
    if (this.#published?.has(name)) return this.#published.get(name)
    const outputs = this.#outputs
    if (Object.hasOwn(outputs, name) && outputs[name] !== undefined) return outputs[name]
    switch (name) {
      case 'now':
        return new Date(this.#sources.instant).toISOString()
      case 'timestamp':
        return Math.floor(this.#sources.instant / 1000)
      case 'timestamp_ms':
        return this.#sources.instant
      case 'nonce':
        return this.#sources.nonce()
      case 'uuid':
        this.#uuid ??= this.#sources.uuid()
        return this.#uuid
      default:
        return undefined
    }
  }

  #timeToken(name: TimeName): string {
    this.#times ??= {}
    this.#times[name] ??= timeToken(name, this.#sources.startedAt, this.#time)
    return this.#times[name]
  }
}
