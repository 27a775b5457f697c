import { mayHoldTokens, parseTemplate } from '../template/parse.ts'
import { type Pieces, plain, type Slot, type Text, type Values, writeSlot } from '../template/text.ts'

/** Fills in variables and time tokens; a slot that a script may still fill stays in pieces. */
export function resolvePieces(pieces: Pieces, values: Values): Text {
  let waiting: (string | Slot)[] | undefined
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    const { token, place } = piece
    if (token.kind === 'variable') {
      const found = values.find(token, place)
      if (found) text += writeSlot(piece, found, values)
      continue
    }
    const value = values.reserved(token)
    if (value === undefined) {
      waiting ??= []
      waiting.push(text, piece)
      text = ''
    } else text += writeSlot(piece, { value, fromData: false }, values)
  }
  return waiting ? [...waiting, text] : text
}

/** Resolves a template's text, in which nothing is escaped. */
export function resolveText(text: string, place: string, values: Values): Text {
  return mayHoldTokens(text)
    ? resolvePieces(
        parseTemplate(text, place).map((part) =>
          typeof part === 'string' ? part : { token: part, write: plain, place },
        ),
        values,
      )
    : text
}
