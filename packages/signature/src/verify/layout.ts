import { compileReference } from '../compile/reference.ts'
import type { Compiled, Scope } from '../compile/scope.ts'
import { split } from '../compile/template.ts'
import { decodePercent } from '../compile/transform.ts'
import type { Written } from '../language/piece.ts'
import { parseParameters } from './parameters.ts'
import { ambiguous, unreadable } from './refusal.ts'

/** What was read from a received request. */
export interface Captured {
  /** Options, instants and the nonce, by name. */
  readonly bound: Map<string, string>
  readonly signatures: { readonly text: string; readonly part: ReferencePart }[]
  /** The names of lists, as they were told. */
  readonly named: Map<string, readonly string[]>
  /** What must be equal to what is worked out. */
  readonly checks: { readonly text: string; readonly piece: Compiled; readonly place: string }[]
}

/** What stands between braces, as it is read back. */
export interface ReferencePart {
  readonly kind: 'bind' | 'signature' | 'names' | 'check'
  readonly name: string
  readonly transforms: readonly string[]
  readonly piece: Compiled
}

type Part = { readonly text: string } | ReferencePart

/** Reads one written value back; whether it has the form that it is written in. */
export type ReadBack = (text: string, into: Captured, place: string) => boolean

/** Makes the reader of a written value. @throws EZ_OPTION_INVALID when it cannot be read back */
export function compileLayout(
  scope: Scope,
  stages: Readonly<Record<string, unknown>>,
  place: string,
  written: Written,
): ReadBack {
  const template = (text: string): ReadBack =>
    templateReader(scope, place, partsOf(scope, stages, place, text))
  if (typeof written === 'string') return template(written)
  if ('basic' in written) return basicReader(template(`${written.basic[0]}:${written.basic[1]}`))
  if ('list' in written) {
    const read = template(written.list)
    return (text, into, where) =>
      text
        .split(written.with)
        .slice(0, 64)
        .map((item) => read(item.trim(), into, where))
        .includes(true)
  }
  const { prefix = '', with: separator = ', ', assign = '=', quote = false } = written
  const pairs = Object.entries(written.pairs).map(([key, value]) => ({
    name: key.replace(/\?$/, ''),
    isOptional: key.endsWith('?'),
    isRepeatable: value.includes('{signature'),
    read: template(value),
  }))
  return (text, into, where) => {
    if (!text.startsWith(prefix)) return false
    const found = parseParameters(
      text.slice(prefix.length),
      separator.trim() || separator,
      assign.trim() || assign,
      quote,
    )
    for (const { name, isOptional, isRepeatable, read } of pairs) {
      const values = found.get(name) ?? (isOptional ? [''] : [])
      if (values.length > 1 && !isRepeatable) throw ambiguous(`${where} has two parameters ${name}`)
      if (
        !values
          .slice(0, 16)
          .map((value) => read(value, into, where))
          .includes(true)
      )
        return false
    }
    return true
  }
}

function basicReader(read: ReadBack): ReadBack {
  return (text, into, place) => {
    const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(text)?.[1]
    try {
      return encoded !== undefined && read(atob(encoded), into, place)
    } catch {
      return false
    }
  }
}

/** The parts of a template; stages that are templates themselves stand open in it. */
function partsOf(
  scope: Scope,
  stages: Readonly<Record<string, unknown>>,
  place: string,
  template: string,
): readonly Part[] {
  return split(scope, place, template).flatMap((part): readonly Part[] => {
    if ('text' in part) return [part]
    const [name = '', ...transforms] = part.reference.split('|').map((one) => one.trim())
    const stage = stages[name]
    const piece = compileReference(scope, place, part.reference)
    const reference = (kind: ReferencePart['kind'], named: string = name): readonly Part[] => [
      { kind, name: named, transforms, piece },
    ]
    if (name === 'signature') return reference('signature')
    const teller = scope.tellers.get(name)
    if (teller && transforms.length === 0) return reference('names', name)
    const tells = [...piece.uses].some((use) => /^(?:option:|time:|nonce)/.test(use))
    if (transforms.length === 0 && typeof stage === 'string' && tells)
      return partsOf(scope, stages, place, stage)
    const isFixed = transforms.length === 0
    const isPercent = transforms.length === 1 && transforms[0] === 'percent'
    if (scope.times.has(name) && isFixed) return reference('bind')
    if (name === 'nonce' && transforms.every((one) => /^(?:first:|uuid$|lower$)/.test(one)))
      return reference('bind')
    const kind = scope.options.get(name)?.kind
    if (kind !== undefined && kind !== 'secret' && (isFixed || isPercent)) return reference('bind')
    return reference('check')
  })
}

function templateReader(scope: Scope, place: string, parts: readonly Part[]): ReadBack {
  parts.forEach((part, index) => {
    const next = parts[index + 1]
    if (!('text' in part) && next && !('text' in next))
      scope.fail(place, 'it cannot be read back: two values stand side by side')
  })
  return (text, into, where) => {
    let at = 0
    const found: [ReferencePart, string][] = []
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index] as Part
      if ('text' in part) {
        if (!text.startsWith(part.text, at)) return false
        at += part.text.length
        continue
      }
      const next = parts[index + 1] as { readonly text: string } | undefined
      const isLast = index + 2 >= parts.length
      // What stands last is found from the end, so that a value may hold it.
      const end =
        next === undefined
          ? text.length
          : isLast
            ? text.length - next.text.length
            : text.indexOf(next.text, at)
      if (end < at) return false
      found.push([part, text.slice(at, end)])
      at = end
    }
    if (at !== text.length) return false
    for (const [part, value] of found) capture(scope, part, value, into, where)
    return true
  }
}

function capture(scope: Scope, part: ReferencePart, text: string, into: Captured, place: string): void {
  const { kind, name, transforms, piece } = part
  if (kind === 'signature') into.signatures.push({ text, part })
  else if (kind === 'check') into.checks.push({ text, piece, place })
  else if (kind === 'names') {
    const { list, separator } = scope.tellers.get(name) as { list: string; separator: string }
    into.named.set(list, text === '' ? [] : text.split(separator))
    into.checks.push({ text, piece, place })
  } else {
    const value = transforms[0] === 'percent' ? decodePercent(text) : text
    const known = into.bound.get(name)
    if (value === undefined || (known !== undefined && known !== value))
      throw unreadable(`${place} tells another ${name}`)
    into.bound.set(name, value)
  }
}
