import { EzError } from '../base/error.ts'
import { quietly } from '../base/promises.ts'
import { reveal, Secret, secretsIn } from '../base/secret.ts'
import { describeMissing, type Missing } from '../check/missing-names.ts'
import { defaultOf, type Found } from '../template/filters.ts'
import type { Token } from '../template/parse.ts'
import type { Values } from '../template/text.ts'
import type { Recorder } from '../trace/recorder.ts'
import { type Chain, type Expanded, expand, type Names } from './expand.ts'
import { LazyValues } from './lazy-values.ts'

const noChain: Chain = []
const inScript = 'a script'

type Named = Readonly<Record<string, unknown>>

/** Runtime values that are known before scripts run. */
interface KnownRuntimeValues extends Pick<Values, 'reserved'> {
  /** Whether a token has a value by now. */
  knows(token: Token): boolean
  /** The value of a token. */
  find(token: Token, place: string): unknown
}

/** The variables of one attempt: looks names up, remembers what is missing, secret or not there yet. */
export class Variables implements Names, Values {
  readonly #variables: Named
  readonly #data: Named
  readonly #runtimeValues: KnownRuntimeValues
  readonly #recorder: Pick<Recorder, 'conceal'>
  #lazy: LazyValues | undefined
  #expanded: Map<unknown, Expanded | undefined> | undefined
  #withheld: Map<string, Secret> | undefined
  #missing: Missing[] = []

  constructor(
    variables: Named,
    data: Named,
    runtimeValues: KnownRuntimeValues,
    recorder: Pick<Recorder, 'conceal'>,
  ) {
    this.#variables = variables
    this.#data = data
    this.#runtimeValues = runtimeValues
    this.#recorder = recorder
  }

  /** The value of a reserved `{%name%}`, which no script can change. */
  reserved(token: Token): unknown {
    return this.#runtimeValues.reserved(token)
  }

  /**
   * What became of texts, lists and records whose names were replaced, so that one that is used often is worked out once;
   * `undefined` for those that lack a name, until it is looked for anew.
   */
  get expanded(): Map<unknown, Expanded | undefined> {
    this.#expanded ??= new Map()
    return this.#expanded
  }

  /** Secrets met so far that user-written scripts may not read. */
  get withheld(): readonly Secret[] {
    return [...(this.#withheld?.values() ?? [])]
  }

  /** Masks a text, or every secret in a value, and remembers which of them scripts may not read. */
  conceal(value: unknown): void {
    if (typeof value === 'string') this.#recorder.conceal(value)
    else for (const secret of secretsIn(value)) this.#remember(secret)
  }

  #remember(secret: Secret): void {
    const text = reveal(secret)
    this.#recorder.conceal(text)
    if (secret.allowedInScript !== false || text === '') return
    this.#withheld ??= new Map()
    this.#withheld.set(text, secret)
  }

  /** The names there are. */
  names(): Set<string> {
    return new Set([...Object.keys(this.#variables), ...Object.keys(this.#data)])
  }

  /**
   * Waits for values that are being fetched; whether there were any, and the template must be resolved again.
   *
   * @throws EZ_VARIABLE_MISSING with every missing name, its place and the nearest known name
   */
  async awaitPending(): Promise<boolean> {
    if (!this.#isPending) {
      this.#checkMissing()
      return false
    }
    this.#missing = []
    await this.#lazy?.awaitPending()
    this.#expanded?.clear()
    return true
  }

  /**
   * The value of a token as scripts get it: `undefined` for a missing one, a promise of one that is being fetched, or
   * that holds one.
   *
   * @throws EZ_VARIABLE_MISSING when the value refers to a missing name: a part of it would pass for the whole
   */
  findForScript(token: Token): Found | Promise<Found | undefined> | undefined {
    const found = this.#findNow(token)
    return this.#isPending ? quietly(this.#findFetched(token)) : found
  }

  async #findFetched(token: Token): Promise<Found | undefined> {
    let found: Found | undefined
    // What was fetched may hold the name of another that has to be.
    while (this.#isPending) {
      await this.awaitPending()
      found = this.#findNow(token)
    }
    return found
  }

  #findNow(token: Token): Found | undefined {
    this.#expanded?.clear()
    this.#missing = []
    const found = this.find(token, inScript)
    // A script may ask for what may be missing; all else that is missing stands in the value.
    this.#missing = this.#missing.filter(({ place }) => place !== inScript)
    if (!this.#isPending) this.#checkMissing()
    return found
  }

  /** Whether a name was missing, or its value is still being fetched. */
  get isIncomplete(): boolean {
    return this.#isPending || this.#missing.length > 0
  }

  get #isPending(): boolean {
    return this.#lazy?.isPending === true
  }

  #checkMissing(): void {
    if (this.#missing.length === 0) return
    const { missing, lines } = describeMissing(this.#missing, this.names(), (name) => `{{${name}}}`)
    this.#missing = []
    throw new EzError(
      'EZ_VARIABLE_MISSING',
      `${missing.length === 1 ? 'A variable is' : `${missing.length} variables are`} missing: ${lines}. Set it, or give a default as in {{name | default("x")}}.`,
      { details: { missing } },
    )
  }

  /** The value of a `{{token}}`; a missing one is remembered, to be told with all others. */
  find(token: Token, place: string, chain: Chain = noChain): Found | undefined {
    const { path, name } = token
    const root = path[0] as string
    const fromData = Object.hasOwn(this.#data, root)
    if (!fromData && !Object.hasOwn(this.#variables, root)) return this.#reportMissing(token, place)
    let found: Found | undefined = { value: (fromData ? this.#data : this.#variables)[root], fromData }
    let expanded = false
    for (let index = 1; ; index += 1) {
      found = this.currentValue(found, name)
      if (!found) return undefined
      if (found.value === undefined) return this.#reportMissing(token, place, index - 1)
      const last = index >= path.length
      // A function that a function gave is no value; text refuses it.
      const replaces = last ? typeof found.value !== 'function' : typeof found.value === 'string'
      if (replaces && !expanded && !found.fromData) {
        found = expand(found, name, chain, this)
        if (!found) return undefined
      }
      if (last) {
        // Data is not walked for names, so that its secrets are met here.
        if (found.fromData && typeof found.value === 'object') this.conceal(found.value)
        return found
      }
      const key = path[index] as string
      const container: unknown = found.value
      if (
        typeof container !== 'object' ||
        container === null ||
        Secret.isInstance(container) ||
        !Object.hasOwn(container, key)
      )
        return this.#reportMissing(token, place, index, container)
      const made: Expanded | undefined = this.#expanded?.get(container)
      expanded = made?.value === container
      found = {
        value: (container as Named)[key],
        fromData: expanded ? made?.dataKeys?.has(key) === true : found.fromData,
      }
    }
  }

  /**
   * The value of a `{%token%}` in the value of a variable. It may come from an answer, so that it is held to the rules for
   * data: it chooses no host.
   *
   * @throws EZ_TEMPLATE_INVALID when only a script could give it
   */
  runtime(token: Token, variable: string): Found {
    if (this.#runtimeValues.knows(token))
      return { value: this.#runtimeValues.find(token, `variables.${variable}`), fromData: true }
    const fallback = defaultOf(token)
    if (fallback) return fallback
    throw new EzError(
      'EZ_TEMPLATE_INVALID',
      `variables.${variable}: {%${token.name}%} is not known when variables are resolved. Put it into the template, or write \\{%.`,
      { details: { variable } },
    )
  }

  #reportMissing(token: Token, place: string, at = 0, container?: unknown): Found | undefined {
    const fallback = defaultOf(token)
    const { name, path } = token
    if (!fallback) this.#missing.push({ name, place, path, at, container })
    return fallback
  }

  /**
   * The current value. Calls a function at most once per attempt, and remembers secrets for masking; `undefined` while it
   * is being fetched.
   */
  currentValue(found: Found, name: string): Found | undefined {
    const { value, fromData } = found
    if (typeof value !== 'function') return this.#rememberSecret(found)
    this.#lazy ??= new LazyValues()
    const given = this.#lazy.valueOf(value as () => unknown, name)
    return given && this.#rememberSecret({ value: given.value, fromData })
  }

  #rememberSecret(found: Found): Found {
    if (Secret.isInstance(found.value)) this.#remember(found.value)
    return found
  }
}
