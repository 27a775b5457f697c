import { toHex } from '@ez/core/crypto'
import type { Value } from './run.ts'
import { textOf } from './values.ts'

// Of a stage in a trace, in characters: a body may be in it.
const longestShown = 16_384

/** A value as a trace shows it: text, or hex of what is no text. */
export function shown(value: Value): string {
  if (typeof value === 'string') return cut(value)
  try {
    return cut(textOf(value))
  } catch {
    return cut(toHex(value))
  }
}

const cut = (text: string): string =>
  text.length <= longestShown ? text : `${text.slice(0, longestShown)}… (${text.length} characters)`
