import { EzError } from '@ez/core'
import type { OptionKind } from '../language/description.ts'
import type { Pair, Run, Value } from '../run/run.ts'

/** A piece, ready to be read. */
export interface Compiled {
  readonly read: (run: Run) => Value
  /** What it is made of: `option:x`, `stage:x`, `time:x`, `nonce`, `signature`, `headers`, `query`, `body`, … */
  readonly uses: ReadonlySet<string>
  /** The secrets that can be read from it. */
  readonly leaks: ReadonlySet<string>
  /** Whether it may be no text. */
  readonly binary: boolean
}

/** A list, ready to be read. */
export interface CompiledList {
  readonly read: (run: Run) => readonly Pair[]
  readonly uses: ReadonlySet<string>
  readonly leaks: ReadonlySet<string>
}

/** What an option is. */
export interface OptionInfo {
  readonly kind: 'credential' | 'token' | 'secret' | 'text' | 'list'
  readonly optional: boolean
  readonly fallback?: string | readonly string[]
  readonly oneOf?: readonly string[]
}

/** The kind of an option without its `?`. */
export const kindOf = (kind: OptionKind): OptionInfo => ({
  kind: kind.replace('?', '') as OptionInfo['kind'],
  optional: kind.endsWith('?'),
})

const mostPieces = 256
const deepest = 16

/** What names mean at a place of a description. */
export class Scope {
  readonly id: string
  readonly options: Map<string, OptionInfo> = new Map()
  readonly times: Map<string, (run: Run) => string> = new Map()
  /** What instants use: options that add seconds. */
  readonly timeUses: Map<string, ReadonlySet<string>> = new Map()
  /** Instants that end the signature. */
  readonly ends: Set<string> = new Set()
  readonly lists: Map<string, CompiledList> = new Map()
  readonly stages: Map<string, Compiled & { readonly index: number }> = new Map()
  /** Lists whose names a stage tells, by the stage, and what stands between the names. */
  readonly tellers: Map<string, { readonly list: string; readonly separator: string }> = new Map()
  /** Stages that come later. */
  readonly later: Set<string> = new Set()
  /** Stages that are keys. */
  readonly keys: Set<string> = new Set()
  /** Whether `{name}` and `{value}` of a pair can be used. */
  inPair: boolean = false
  memos: number = 0
  #pieces = 0
  #depth = 0

  constructor(id: string) {
    this.id = id
  }

  /** @throws EZ_OPTION_INVALID with the place */
  fail(place: string, problem: string): never {
    throw invalid(this.id, place, problem)
  }

  /** Checks that a value is a name in a table, or one of a list. @throws EZ_OPTION_INVALID */
  among<Name extends string>(
    place: string,
    known: Readonly<Record<Name, unknown>> | readonly Name[],
    value: unknown,
  ): Name {
    const names: readonly unknown[] = Array.isArray(known) ? known : Object.keys(known)
    if (!names.includes(value)) this.fail(place, `"${String(value)}" is none of ${names.join(' ')}`)
    return value as Name
  }

  /** The form that an object has: the one of some names that it holds. @throws EZ_OPTION_INVALID */
  form<Name extends string>(place: string, forms: Readonly<Record<Name, unknown>>, value: unknown): Name {
    return this.among(
      place,
      forms,
      Object.keys(forms).find((name) => typeof value === 'object' && value !== null && name in value),
    )
  }

  /** Counts a piece. @throws EZ_OPTION_INVALID */
  count(place: string): void {
    this.#pieces += 1
    if (this.#pieces > mostPieces) this.fail(place, `there are more than ${mostPieces} pieces`)
  }

  /** Goes one piece deeper. @throws EZ_OPTION_INVALID */
  nested<Result>(place: string, compile: () => Result): Result {
    if (this.#depth === deepest) this.fail(place, `pieces stand more than ${deepest} deep in each other`)
    this.#depth += 1
    const result = compile()
    this.#depth -= 1
    return result
  }

  /** A place in what stays the same while the options do. */
  memo(): number {
    this.memos += 1
    return this.memos - 1
  }
}

/** What is thrown for a description that is wrong; `details.place` leads to what is. */
export const invalid = (id: string, place: string, problem: string): EzError =>
  new EzError('EZ_OPTION_INVALID', `${id}: ${place}: ${problem}.`, { details: { place } })

/** A piece that is made of others. */
export const made = (
  pieces: readonly Compiled[],
  read: Compiled['read'],
  binary: boolean = pieces.some((piece) => piece.binary),
): Compiled => ({ ...together(pieces), binary, read })

/** A text that is always the same. */
export const literal = (text: string): Compiled => made([], () => text)

/** Everything that some pieces use, and what they leak. */
export function together(pieces: readonly (Compiled | CompiledList)[]): {
  uses: Set<string>
  leaks: Set<string>
} {
  return {
    uses: new Set(pieces.flatMap((piece) => [...piece.uses])),
    leaks: new Set(pieces.flatMap((piece) => [...piece.leaks])),
  }
}

/** Checks that a value is an object with known fields. @throws EZ_OPTION_INVALID */
export function fields(scope: Scope, place: string, value: unknown, known: string): Record<string, unknown> {
  for (const [name] of entries(scope, place, value ?? null)) scope.among(place, known.split(' '), name)
  return value as Record<string, unknown>
}

/** Checks that a value is an object and gives its entries. @throws EZ_OPTION_INVALID */
export function entries(scope: Scope, place: string, value: unknown): [string, unknown][] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    scope.fail(place, 'must be an object')
  return Object.entries(value as object)
}

/** Checks that a value is a text. @throws EZ_OPTION_INVALID */
export function text(scope: Scope, place: string, value: unknown): string {
  if (typeof value !== 'string') scope.fail(place, 'must be a text')
  return value as string
}

/** One text or a list of them, as a list. @throws EZ_OPTION_INVALID */
export function texts(scope: Scope, place: string, value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map((one) => text(scope, place, one))
}

/** The secrets among what a piece leaks; the rest are stages, which may be keys. */
export const secretsOf = (leaks: ReadonlySet<string>): string[] =>
  [...leaks].filter((leak) => !leak.startsWith('stage:'))
