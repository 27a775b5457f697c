import { type Text, writeSlot } from '../template/text.ts'
import type { RuntimeValues } from './runtime-values.ts'

/** Fills the slots of a text; the runtime values remember what is missing, to be told with all others. */
export function fill(text: Text, values: RuntimeValues): string {
  if (typeof text === 'string') return text
  let filled = ''
  for (const piece of text) {
    if (typeof piece === 'string') {
      filled += piece
      continue
    }
    const value = values.find(piece.token, piece.place)
    if (value !== undefined) filled += writeSlot(piece, { value, fromData: false }, values)
  }
  return filled
}

/** The text when the value of every slot in it is known already, else `null`. */
export function fillIfKnown(text: Text, values: RuntimeValues): string | null {
  if (typeof text === 'string') return text
  return text.every((piece) => typeof piece === 'string' || values.knows(piece.token))
    ? fill(text, values)
    : null
}
