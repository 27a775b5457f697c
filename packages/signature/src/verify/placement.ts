import type { ReceivedRequest } from '@ez/core/received'
import { lateOf, type Program } from '../compile/program.ts'
import { type CompiledWrite, compileWrites } from '../compile/writes.ts'
import type { SignatureDescription } from '../language/description.ts'
import { type Captured, compileLayout, type ReadBack } from './layout.ts'
import type { Added } from './received-source.ts'
import { segmentsOf } from './received-source.ts'
import { ambiguous, refusal, unreadable } from './refusal.ts'

/** Places that a sender writes to, ready to be read. */
export interface Placement {
  readonly writes: readonly (CompiledWrite & { readonly read: ReadBack })[]
  readonly added: Added
}

/** All placements of a description. @throws EZ_OPTION_INVALID */
export function compilePlacements(program: Program, description: SignatureDescription): readonly Placement[] {
  const { scope, writes } = program
  const stages = (description.stages ?? {}) as Readonly<Record<string, unknown>>
  const others = (description.receives?.also ?? []).map((also, index) =>
    compileWrites(scope, `receives.also[${index}]`, also),
  )
  return [writes, ...others].map((list) => {
    const late = lateOf(list)
    const names = (...places: readonly string[]): string[] =>
      list.filter((one) => places.includes(one.to) && late.has(one)).map(({ name }) => name)
    return {
      writes: list
        .filter(({ to }) => to !== 'body')
        .map((one) => ({ ...one, read: compileLayout(scope, stages, one.place, one.written) })),
      added: {
        headers: names('headers'),
        query: names('query'),
        cookies: names('cookies'),
        form: names('form'),
        json: names('json'),
        segment: list.find(({ to }) => to === 'path')?.at,
      },
    }
  })
}

/** A received request, as far as placements are read from it. */
export interface Letter {
  readonly received: ReceivedRequest
  /** Path and query, as called. */
  readonly path: string
  readonly query: string
  /** Of a body that holds what was written; empty otherwise. */
  readonly body: string
}

/** Reads what a sender wrote. @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS */
export function readPlacement({ writes }: Placement, letter: Letter): Captured {
  const captured: Captured = { bound: new Map(), signatures: [], named: new Map(), checks: [] }
  for (const { to, name, optional, piece, read } of writes) {
    const label = to === 'path' ? 'the path' : `${to === 'headers' ? 'header' : to} ${name}`
    const [text, another] = valuesAt(letter, to, name, writes)
    if (another !== undefined) throw ambiguous(`there are two of ${label}`)
    if (text === undefined && optional) {
      read('', captured, label)
      continue
    }
    if (text === undefined)
      throw piece.uses.has('signature')
        ? refusal('EZ_AUTHORIZATION_MISSING', `there is no ${label}`)
        : unreadable(`there is no ${label}`)
    if (!read(text, captured, label)) throw unreadable(`${label} does not have the form of this scheme`)
  }
  if (captured.signatures.length === 0) throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no signature')
  return captured
}

/** Whether a request has what carries the signature in a placement. */
export const isThere = ({ writes }: Placement, letter: Letter): boolean =>
  writes
    .filter(({ piece }) => piece.uses.has('signature'))
    .every(({ to, name }) => valuesAt(letter, to, name, writes).length > 0)

function valuesAt(
  { received, path, query, body }: Letter,
  to: CompiledWrite['to'],
  name: string,
  writes: readonly CompiledWrite[],
): readonly string[] {
  if (to === 'headers') return received.values(name).map((value) => value.trim())
  if (to === 'query') return namedIn(query, name, false)
  if (to === 'form') return namedIn(body, name, true)
  if (to === 'cookies')
    return received
      .values('cookie')
      .flatMap((line) => line.split(';'))
      .map((part) => part.trim())
      .filter((part) => part.startsWith(`${name}=`))
      .map((part) => part.slice(name.length + 1))
  if (to === 'path') {
    const segments = segmentsOf(path)
    const { at } = writes.find((one) => one.to === 'path') as CompiledWrite
    const segment = segments[at < 0 ? segments.length + at : at]
    return segment === undefined ? [] : [segment]
  }
  return memberAt(body, name)
}

function namedIn(text: string, wanted: string, isForm: boolean): string[] {
  const values: string[] = []
  for (const [, name = '', , value = ''] of text.matchAll(/([^&=]*)(=?)([^&]*)(?:&|$)/g))
    try {
      const plain = (part: string): string => decodeURIComponent(isForm ? part.replaceAll('+', ' ') : part)
      if (plain(name) === wanted) values.push(plain(value))
    } catch {
      // A name that is not UTF-8 is another one.
    }
  return values
}

function memberAt(body: string, pointer: string): string[] {
  try {
    let value: unknown = JSON.parse(body)
    for (const name of pointer.split('/').slice(1)) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return []
      value = (value as Record<string, unknown>)[name]
    }
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
  } catch {
    return []
  }
}
