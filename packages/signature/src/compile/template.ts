import type { Value } from '../run/run.ts'
import { joined } from '../run/values.ts'
import { compileReference } from './reference.ts'
import { type Compiled, literal, made, type Scope } from './scope.ts'

/** A part of a template: literal text, or what stands between braces. */
export type Part = { readonly text: string } | { readonly reference: string }

const token = /\\([{\\])|\{([^{}]*)\}|\{|[^{\\]+|\\/g

/** Splits a template; `\{` is a literal brace. @throws EZ_OPTION_INVALID */
export function split(scope: Scope, place: string, template: string): readonly Part[] {
  const parts: Part[] = []
  let text = ''
  for (const [whole, escaped, reference] of template.matchAll(token)) {
    if (reference !== undefined) {
      if (text !== '') parts.push({ text })
      text = ''
      parts.push({ reference })
    } else if (whole === '{') scope.fail(place, 'a { has no }; write \\{ for a brace')
    else text += escaped ?? whole
  }
  if (text !== '') parts.push({ text })
  return parts
}

/** Compiles a template. @throws EZ_OPTION_INVALID */
export function compileTemplate(scope: Scope, place: string, template: string): Compiled {
  const pieces = split(scope, place, template).map((part) => {
    scope.count(place)
    return 'text' in part ? literal(part.text) : compileReference(scope, place, part.reference)
  })
  return sequence(pieces, '')
}

/** Pieces one behind the other. */
export function sequence(pieces: readonly Compiled[], separator: string, skipEmpty = false): Compiled {
  if (pieces.length === 0) return literal('')
  if (pieces.length === 1) return pieces[0] as Compiled
  const reads = pieces.map(({ read }) => read)
  return made(pieces, (run) => {
    const values: Value[] = []
    for (const read of reads) {
      const value = read(run)
      if (!skipEmpty || value.length > 0) values.push(value)
    }
    return joined(run, values, separator)
  })
}
