import { textOf } from '../values/json.ts'
import { applyFilters, type Found, type SecretKeeper } from './filters.ts'
import type { Token } from './parse.ts'

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

/** Where the values of a text come from. */
export interface Values extends SecretKeeper {
  /** The value of a `{{token}}`; `undefined` while it is missing or being fetched. */
  find(token: Token, place: string): Found | undefined
  /** The value of a reserved `{%name%}`, which no script can change; `undefined` for any other. */
  reserved(token: Token): unknown
}

/** Plain text: nothing is escaped. */
export const plain: Escape = ({ value }, place) => textOf(value, place)

/** A value as the slot writes it, after the filters of its token. */
export function writeSlot({ token, write, place }: Slot, found: Found, keeper: SecretKeeper): string {
  return write(applyFilters(token, found, place, keeper), place)
}
