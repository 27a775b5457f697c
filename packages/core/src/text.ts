import { encodeRfc3986, toBase64, utf8 } from '@ez/core/crypto'
import { jsonOf, textOf } from './json.ts'
import type { Runtime } from './runtime.ts'
import type { Found, Scope } from './scope.ts'
import { Secret, secret } from './secret.ts'
import { mayHoldTokens, parseTemplate, type Token } from './template.ts'

/** Writes a value for where it stands: escaped, checked. */
export type Escape = (found: Found, place: string) => string

/** A place in a text that an output fills, after the scripts. */
export interface Late {
  readonly token: Token
  readonly escape: Escape
  readonly place: string
}

/** A resolved text; an array while it waits for outputs. */
export type Text = string | readonly (string | Late)[]

/** Plain text: nothing is escaped. */
export const plain: Escape = ({ value }, place) => textOf(value, place)

/** Resolves the variables and time tokens of a template's text; what scripts may still publish stays open. */
export function resolveText(text: string, write: Escape, place: string, scope: Scope): Text {
  if (!mayHoldTokens(text)) return text
  const parts: (string | Late)[] = []
  for (const part of parseTemplate(text, place))
    addPart(parts, typeof part === 'string' ? part : resolveToken(part, write, place, scope))
  return closed(parts)
}

/** The text of one token, or the place that it leaves open. */
export function resolveToken(token: Token, write: Escape, place: string, scope: Scope): string | Late {
  if (token.kind === 'variable') {
    const found = scope.find(token, place)
    return found ? write(filtered(token, found, place), place) : ''
  }
  const value = scope.reserved(token)
  return value === undefined
    ? { token, escape: write, place }
    : write(filtered(token, { value, fromData: false }, place), place)
}

/** Adds to a list of parts, joining neighbouring literals. */
export function addPart(parts: (string | Late)[], part: string | Late): void {
  const last = parts.length - 1
  const previous = parts[last]
  if (typeof part === 'string' && typeof previous === 'string') parts[last] = previous + part
  else parts.push(part)
}

/** A list of parts as a text. */
export function closed(parts: readonly (string | Late)[]): Text {
  if (parts.length === 0) return ''
  return parts.length === 1 && typeof parts[0] === 'string' ? parts[0] : parts
}

/** Fills the open places of a text; what is still missing is noted in the runtime. */
export function fill(text: Text, runtime: Runtime): string {
  if (typeof text === 'string') return text
  let filled = ''
  for (const part of text) {
    if (typeof part === 'string') {
      filled += part
      continue
    }
    const value = runtime.find(part.token, part.place)
    if (value !== undefined)
      filled += part.escape(filtered(part.token, { value, fromData: false }, part.place), part.place)
  }
  return filled
}

/** The text when every place in it is known already, else `null`. */
export function fillIfKnown(text: Text, runtime: Runtime): string | null {
  if (typeof text === 'string') return text
  for (const part of text) if (typeof part !== 'string' && !runtime.knows(part.token)) return null
  return fill(text, runtime)
}

/** Applies a token's filters to a value. */
export function filtered(token: Token, found: Found, place: string): Found {
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
    if (Secret.isInstance(before)) value = secret(value as string, before)
  }
  return { value, fromData: found.fromData }
}

/** The value of the filter `default`, for a name that is missing. */
export function defaultOf(token: Token): Found | undefined {
  const filter = token.filters.find(({ name }) => name === 'default')
  return filter && { value: filter.argument, fromData: false }
}
