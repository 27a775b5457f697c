import { EzError } from '../base/error.ts'
import { isThenable, quietly } from '../base/promises.ts'
import { reveal, Secret, secretsIn } from '../base/secret.ts'
import { type Missing, tellMissing } from '../check/missing-names.ts'
import type { Runtime } from '../outputs/runtime-values.ts'
import type { Token } from '../template/parse.ts'
import { defaultOf } from '../template/text.ts'
import type { Recorder } from '../trace/recorder.ts'
import { type Chain, type Expanded, expand } from './expand.ts'

/** A variable's value, and whether any of it came from `data`. */
export interface Found {
  readonly value: unknown
  readonly fromData: boolean
}

const noChain: Chain = []
const inScript = 'a script'

type Values = Readonly<Record<string, unknown>>

/** The variables of one attempt: looks names up, remembers what is missing, secret or not there yet. */
export class Scope {
  readonly #variables: Values
  readonly #data: Values
  readonly #runtime: Runtime
  readonly #recorder: Recorder
  /** What functions gave; a promise until it is there. */
  #lazy: Map<unknown, { value: unknown } | Promise<void>> | undefined
  #expanded: Map<unknown, Expanded | undefined> | undefined
  #withheld: Map<string, Secret> | undefined
  #missing: Missing[] = []
  #pending: Promise<void>[] = []

  constructor(variables: Values, data: Values, runtime: Runtime, recorder: Recorder) {
    this.#variables = variables
    this.#data = data
    this.#runtime = runtime
    this.#recorder = recorder
  }

  /** The value of a reserved `{%name%}`, which no script can change. */
  reserved(token: Token): unknown {
    return this.#runtime.reserved(token)
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
    else for (const secret of secretsIn(value)) this.#met(secret)
  }

  #met(secret: Secret): void {
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
  async settle(): Promise<boolean> {
    if (this.#pending.length === 0) {
      this.#check()
      return false
    }
    const pending = this.#pending
    this.#pending = []
    this.#missing = []
    await Promise.all(pending)
    this.#expanded?.clear()
    return true
  }

  /**
   * The value of a token as scripts get it: `undefined` for a missing one, a promise of one that is being fetched, or
   * that holds one.
   *
   * @throws EZ_VARIABLE_MISSING when the value refers to a missing name: a part of it would pass for the whole
   */
  forScript(token: Token): Found | Promise<Found | undefined> | undefined {
    const found = this.#asked(token)
    return this.#pending.length === 0 ? found : quietly(this.#fetched(token))
  }

  async #fetched(token: Token): Promise<Found | undefined> {
    let found: Found | undefined
    // What was fetched may hold the name of another that has to be.
    while (this.#pending.length > 0) {
      await this.settle()
      found = this.#asked(token)
    }
    return found
  }

  #asked(token: Token): Found | undefined {
    this.#expanded?.clear()
    this.#missing = []
    const found = this.find(token, inScript)
    // A script may ask for what may be missing; all else that is missing stands in the value.
    this.#missing = this.#missing.filter(({ place }) => place !== inScript)
    if (this.#pending.length === 0) this.#check()
    return found
  }

  /** Whether a name was missing, or its value is still being fetched. */
  get unsettled(): boolean {
    return this.#pending.length > 0 || this.#missing.length > 0
  }

  #check(): void {
    if (this.#missing.length === 0) return
    const { missing, lines } = tellMissing(this.#missing, this.names(), (name) => `{{${name}}}`)
    this.#missing = []
    throw new EzError(
      'EZ_VARIABLE_MISSING',
      `${missing.length === 1 ? 'A variable is' : `${missing.length} variables are`} missing: ${lines}. Set it, or give a default as in {{name | default("x")}}.`,
      { details: { missing } },
    )
  }

  /** The value of a `{{token}}`; a missing one is noted, to be told with all others. */
  find(token: Token, place: string, chain: Chain = noChain): Found | undefined {
    const { path, name } = token
    const root = path[0] as string
    const fromData = Object.hasOwn(this.#data, root)
    if (!fromData && !Object.hasOwn(this.#variables, root)) return this.#absent(token, place)
    let found: Found | undefined = { value: (fromData ? this.#data : this.#variables)[root], fromData }
    let expanded = false
    for (let index = 1; ; index += 1) {
      found = this.settled(found, name)
      if (!found) return undefined
      if (found.value === undefined) return this.#absent(token, place, index - 1)
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
        return this.#absent(token, place, index, container)
      const made: Expanded | undefined = this.#expanded?.get(container)
      expanded = made?.value === container
      found = {
        value: (container as Values)[key],
        fromData: expanded ? made?.dataKeys?.has(key) === true : found.fromData,
      }
    }
  }

  #absent(token: Token, place: string, at = 0, container?: unknown): Found | undefined {
    const fallback = defaultOf(token)
    const { name, path } = token
    if (!fallback) this.#missing.push({ name, place, path, at, container })
    return fallback
  }

  /** A value as it is: a lazy one is called, once an attempt, and a secret noted; `undefined` while it is being fetched. */
  settled(found: Found, name: string): Found | undefined {
    const { value, fromData } = found
    if (typeof value !== 'function') return this.#noted(found)
    this.#lazy ??= new Map()
    const lazy = this.#lazy
    const known = lazy.get(value)
    if (known instanceof Promise) {
      this.#pending.push(known)
      return undefined
    }
    if (known) return this.#noted({ value: known.value, fromData })
    let result: unknown
    try {
      result = value()
    } catch (cause) {
      throw lazyFailed(name, cause)
    }
    if (!isThenable(result)) {
      lazy.set(value, { value: result })
      return this.#noted({ value: result, fromData })
    }
    const waiting = Promise.resolve(result).then(
      (settled) => void lazy.set(value, { value: settled }),
      (cause: unknown) => {
        throw lazyFailed(name, cause)
      },
    )
    lazy.set(value, waiting)
    this.#pending.push(quietly(waiting))
    return undefined
  }

  #noted(found: Found): Found {
    if (Secret.isInstance(found.value)) this.#met(found.value)
    return found
  }
}

function lazyFailed(name: string, cause: unknown): EzError {
  return EzError.isInstance(cause)
    ? cause
    : new EzError('EZ_VARIABLE_FAILED', `{{${name}}}: the function that gives its value failed.`, { cause })
}
