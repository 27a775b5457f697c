import { EzError } from './error.ts'
import { textOf } from './json.ts'
import { nearest } from './nearest.ts'
import type { Runtime } from './runtime.ts'
import { reveal, Secret, secret, secretsIn } from './secret.ts'
import { mayHoldTokens, parseTemplate, type Token } from './template.ts'
import { defaultOf, filtered } from './text.ts'

/** A variable's value, and whether any of it came from `data`. */
export interface Found {
  readonly value: unknown
  readonly fromData: boolean
}

interface Missing {
  readonly name: string
  readonly place: string
}

const longestText = 16_777_216
const noChain: readonly string[] = []

type Values = Readonly<Record<string, unknown>>

/** The variables of one attempt: looks names up, remembers what is missing, secret or not there yet. */
export class Scope {
  readonly #variables: Values
  readonly #data: Values
  readonly #runtime: Runtime
  readonly #masked: Set<string>
  #lazy: Map<unknown, { value: unknown } | 'waiting'> | undefined
  /** Texts whose names are replaced already, so that one that is used often is worked out once. */
  #texts: Map<string, Found> | undefined
  #withheld: Set<Secret> | undefined
  #missing: Missing[] = []
  #pending: Promise<void>[] = []

  constructor(variables: Values, data: Values, runtime: Runtime, masked: Set<string>) {
    this.#variables = variables
    this.#data = data
    this.#runtime = runtime
    this.#masked = masked
  }

  /** The value of a `{{token}}`; a missing one is noted, to be told with all others. */
  find(token: Token, place: string): Found | undefined {
    const found = this.#walk(token, noChain)
    if (found) return found
    if (this.#pending.length === 0) this.#missing.push({ name: token.name, place })
    return undefined
  }

  /** The value of a reserved `{%name%}`, which no script can change. */
  reserved(token: Token): unknown {
    return this.#runtime.reserved(token)
  }

  /** Secrets met so far that user-written scripts may not read. */
  get withheld(): readonly Secret[] {
    return [...(this.#withheld ?? [])]
  }

  /** Masks a text, or every secret in a value. */
  conceal(value: unknown): void {
    if (typeof value === 'string') this.#masked.add(value)
    else for (const text of secretsIn(value)) this.#masked.add(text)
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
      this.check()
      return false
    }
    const pending = this.#pending
    this.#pending = []
    this.#missing = []
    await Promise.all(pending)
    return true
  }

  /**
   * What a script gets for a name that `find` has no value for: a promise of one that is being fetched,
   * `undefined` for one that is missing.
   */
  unresolved(token: Token): Promise<Found | undefined> | undefined {
    this.#missing = []
    if (this.#pending.length === 0) return undefined
    return this.settle().then(() => this.find(token, 'a script'))
  }

  /** Whether a name was missing, or its value is still being fetched. */
  get unsettled(): boolean {
    return this.#pending.length > 0 || this.#missing.length > 0
  }

  /** @throws EZ_VARIABLE_MISSING */
  check(): void {
    if (this.#missing.length === 0) return
    const missing = this.#missing
    this.#missing = []
    const names = this.names()
    const lines = missing.map(({ name, place }) => {
      const close = nearest(name, names)
      return `{{${name}}} in ${place}${close && close !== name ? ` (did you mean {{${close}}}?)` : ''}`
    })
    throw new EzError(
      'EZ_VARIABLE_MISSING',
      `${missing.length === 1 ? 'A variable is' : `${missing.length} variables are`} missing: ${lines.join('; ')}. Set it, or give a default as in {{name | default("x")}}.`,
      { details: { missing: missing.map((entry) => ({ ...entry, nearest: nearest(entry.name, names) })) } },
    )
  }

  #walk(token: Token, chain: readonly string[]): Found | undefined {
    const { path } = token
    const root = path[0] as string
    const fromData = Object.hasOwn(this.#data, root)
    if (!fromData && !Object.hasOwn(this.#variables, root)) return defaultOf(token)
    let found: Found | undefined = { value: (fromData ? this.#data : this.#variables)[root], fromData }
    for (let index = 1; ; index += 1) {
      found = this.#settled(found, token.name)
      if (found === undefined || found.value === undefined)
        return this.#pending.length > 0 ? undefined : defaultOf(token)
      const last = index >= path.length
      if (!found.fromData && (last || typeof found.value === 'string') && !isPlain(found.value))
        found = this.#expanded(found.value, token.name, chain)
      if (last) return found
      const key = path[index] as string
      const container: unknown = found?.value
      if (
        typeof container !== 'object' ||
        container === null ||
        Secret.isInstance(container) ||
        !Object.hasOwn(container, key)
      )
        return defaultOf(token)
      found = { value: (container as Values)[key], fromData: (found as Found).fromData }
    }
  }

  /** Calls a lazy value, once an attempt. */
  #settled(found: Found, name: string): Found | undefined {
    const { value, fromData } = found
    if (typeof value !== 'function') return this.#noted(found)
    this.#lazy ??= new Map()
    const lazy = this.#lazy
    const known = lazy.get(value)
    if (known === 'waiting') return undefined
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
    lazy.set(value, 'waiting')
    this.#pending.push(
      Promise.resolve(result).then(
        (settled) => void lazy.set(value, { value: settled }),
        (cause: unknown) => {
          throw lazyFailed(name, cause)
        },
      ),
    )
    return undefined
  }

  #noted(found: Found): Found {
    if (Secret.isInstance(found.value)) {
      this.#masked.add(reveal(found.value))
      if (!found.value.allowedInScript) {
        this.#withheld ??= new Set()
        this.#withheld.add(found.value)
      }
    }
    // Data is not walked for names, so that its secrets are met here.
    else if (found.fromData && typeof found.value === 'object') this.conceal(found.value)
    return found
  }

  /** A value of `variables` with the names in it replaced; a `Secret` is literal. */
  #expanded(value: unknown, name: string, chain: readonly string[]): Found | undefined {
    if (typeof value === 'string')
      return mayHoldTokens(value, 'variables')
        ? this.#expandedText(value, name, chain)
        : { value, fromData: false }
    if (typeof value === 'function') return this.#settled({ value, fromData: false }, name)
    if (typeof value !== 'object' || value === null) return { value, fromData: false }
    if (Secret.isInstance(value)) return this.#noted({ value, fromData: false })
    if (
      Array.isArray(value) ||
      Object.getPrototypeOf(value) === Object.prototype ||
      Object.getPrototypeOf(value) === null
    )
      return this.#expandedContainer(value, name, chain)
    return { value, fromData: false }
  }

  #expandedContainer(container: object, name: string, chain: readonly string[]): Found | undefined {
    if (isLiteral(container)) return { value: container, fromData: false }
    // The container itself stands in the chain, so that one that holds itself ends.
    if (chain.length > 200)
      throw new EzError('EZ_VARIABLE_CYCLE', `{{${name}}} is nested more than 200 deep, or holds itself.`)
    const inner = [...chain, '']
    let fromData = false
    let changed = false
    const entries = Object.entries(container).map(([key, item]) => {
      const found = this.#expanded(item, name, inner)
      fromData ||= found?.fromData === true
      changed ||= found?.value !== item
      return [key, found?.value] as const
    })
    if (!changed) return { value: container, fromData }
    return {
      value: Array.isArray(container) ? entries.map(([, item]) => item) : Object.fromEntries(entries),
      fromData,
    }
  }

  #expandedText(text: string, name: string, chain: readonly string[]): Found | undefined {
    this.#texts ??= new Map()
    const known = this.#texts.get(text)
    if (known) return known
    const found = this.#joined(text, name, chain)
    if (!this.unsettled) this.#texts.set(text, found)
    return found
  }

  #joined(text: string, name: string, chain: readonly string[]): Found {
    if (chain.includes(name)) {
      const cycle = [...chain.slice(chain.indexOf(name)), name].filter((entry) => entry !== '')
      throw new EzError(
        'EZ_VARIABLE_CYCLE',
        `Variables refer to each other: ${cycle.join(' → ')}. Break the circle.`,
        {
          details: { cycle },
        },
      )
    }
    const inner = [...chain, name]
    const template = parseTemplate(text, `{{${name}}}`, 'variables')
    let fromData = false
    let masked = false
    let allowedInScript = true
    let joined = ''
    for (const part of template) {
      if (typeof part === 'string') {
        joined += part
        continue
      }
      const place = `variables.${name}`
      const walked = this.#walk(part, inner)
      if (!walked) {
        if (this.#pending.length === 0) this.#missing.push({ name: part.name, place })
        continue
      }
      const found = filtered(part, walked, place)
      if (template.length === 1) return found
      fromData ||= found.fromData
      if (Secret.isInstance(found.value)) {
        masked = true
        allowedInScript &&= found.value.allowedInScript
      }
      joined += textOf(found.value, place)
      if (joined.length > longestText)
        throw new EzError(
          'EZ_VARIABLE_TOO_LARGE',
          `{{${name}}} becomes longer than ${longestText} characters. Look for variables that repeat each other.`,
        )
    }
    return { value: masked ? secret(joined, { allowedInScript }) : joined, fromData }
  }
}

/** Whether there is nothing to replace in a value, as in most. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string'
    ? !mayHoldTokens(value, 'variables')
    : typeof value !== 'object' || value === null
}

/** Whether a container holds nothing but plain values, as most lists do. */
function isLiteral(container: object): boolean {
  for (const item of Array.isArray(container) ? container : Object.values(container))
    if (
      typeof item === 'string'
        ? mayHoldTokens(item, 'variables')
        : typeof item === 'object'
          ? item !== null
          : typeof item === 'function'
    )
      return false
  return true
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

function lazyFailed(name: string, cause: unknown): EzError {
  return EzError.isInstance(cause)
    ? cause
    : new EzError('EZ_VARIABLE_FAILED', `{{${name}}}: the function that gives its value failed.`, { cause })
}
