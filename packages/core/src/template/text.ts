import { encodeRfc3986, toBase64, utf8 } from '@ez/core/crypto'
import { Secret, secret } from '../base/secret.ts'
import type { Runtime } from '../outputs/runtime-values.ts'
import type { Found, Scope } from '../resolve/variables.ts'
import { jsonOf, textOf } from '../values/json.ts'
import { mayHoldTokens, parseTemplate, type Token } from './parse.ts'

/** Writes a value for where it stands: escaped, checked. */
export type Escape = (found: Found, place: string) => string

/** A place in a text that a value fills. */
export interface Slot {
  readonly token: Token
  readonly write: Escape
  readonly place: string
}

/** A text in pieces: literals and slots in order. */
export type Pieces = readonly (string | Slot)[]

/** A resolved text; in pieces while it waits for outputs. */
export type Text = string | Pieces

/** Plain text: nothing is escaped. */
export const plain: Escape = ({ value }, place) => textOf(value, place)

/** Fills in variables and time tokens; a slot that a script may still fill stays open. */
export function resolve(pieces: Pieces, scope: Scope): Text {
  let open: (string | Slot)[] | undefined
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    const { token, place } = piece
    if (token.kind === 'variable') {
      const found = scope.find(token, place)
      if (found) text += written(piece, found, scope)
      continue
    }
    const value = scope.reserved(token)
    if (value === undefined) {
      open ??= []
      open.push(text, piece)
      text = ''
    } else text += written(piece, { value, fromData: false }, scope)
  }
  return open ? [...open, text] : text
}

/** Resolves a template's text, in which nothing is escaped. */
export function resolveText(text: string, place: string, scope: Scope): Text {
  return mayHoldTokens(text)
    ? resolve(
        parseTemplate(text, place).map((part) =>
          typeof part === 'string' ? part : { token: part, write: plain, place },
        ),
        scope,
      )
    : text
}

/** Fills the open slots of a text; what is still missing is noted in the runtime. */
export function fill(text: Text, runtime: Runtime): string {
  if (typeof text === 'string') return text
  let filled = ''
  for (const piece of text) {
    if (typeof piece === 'string') {
      filled += piece
      continue
    }
    const value = runtime.find(piece.token, piece.place)
    if (value !== undefined) filled += written(piece, { value, fromData: false }, runtime)
  }
  return filled
}

/** The text when every slot in it is known already, else `null`. */
export function fillIfKnown(text: Text, runtime: Runtime): string | null {
  if (typeof text === 'string') return text
  return text.every((piece) => typeof piece === 'string' || runtime.knows(piece.token))
    ? fill(text, runtime)
    : null
}

/** A value as the slot writes it, after the filters of its token. */
function written({ token, write, place }: Slot, found: Found, keeper: Keeper): string {
  return write(filtered(token, found, place, keeper), place)
}

/** Who masks a secret, and keeps it from scripts that may not read it. */
interface Keeper {
  conceal(value: Secret): void
}

/** Applies a token's filters to a value. */
export function filtered(token: Token, found: Found, place: string, keeper: Keeper): Found {
  if (token.filters.length === 0) return found
  let { value } = found
  for (const filter of token.filters) {
    if (filter.name === 'default') continue
    const before = value
    const text: string = textOf(value, place)
    if (filter.name === 'json') value = jsonOf(value, place)
    else if (filter.name === 'url') value = encodeRfc3986(text)
    else value = toBase64(utf8(text))
    // What is made of a secret is as secret, and as closed to scripts.
    if (Secret.isInstance(before)) {
      const made = secret(value as string, before)
      keeper.conceal(made)
      value = made
    }
  }
  return { value, fromData: found.fromData }
}

/** The value of the filter `default`, for a name that is missing. */
export function defaultOf(token: Token): Found | undefined {
  const filter = token.filters.find(({ name }) => name === 'default')
  return filter && { value: filter.argument, fromData: false }
}
