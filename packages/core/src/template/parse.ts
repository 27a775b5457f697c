import { EzError } from '../base/error.ts'
import { memo } from '../base/memo.ts'

/** A filter of a token; the list is closed: `default`, `json`, `url`, `base64`. */
export interface Filter {
  readonly name: 'default' | 'json' | 'url' | 'base64'
  readonly argument?: string | number | bigint | boolean | null
}

/** `{{path | filter}}` or `{%path | filter%}`. */
export interface Token {
  readonly kind: 'variable' | 'runtime'
  /** Name first, then keys and indexes. */
  readonly path: readonly string[]
  readonly filters: readonly Filter[]
  /** The path as written, for messages. */
  readonly name: string
}

/** A parsed text: literals and tokens in order. */
export type Template = readonly (string | Token)[]

const namePattern = /[\p{L}_$][\p{L}\p{N}_$-]*/uy
const wholeName = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u
const keyPattern = /\.([\p{L}\p{N}_$-]+)|\[(\d{1,9})\]|\["([^"\\]{0,200})"\]|\['([^'\\]{0,200})'\]/uy
const filterPattern =
  /\|\s{0,50}([a-z0-9]{1,20})\s{0,50}(?:\(\s{0,50}((?:"(?:[^"\\]|\\.){0,1000}"|'(?:[^'\\]|\\.){0,1000}'|[\w.+-]{1,40})?)\s{0,50}\)\s{0,50})?/y
const spacePattern = /\s{0,50}/y
// json of json doubles quotes each time: without a bound, a short template could fill the memory.
const mostFilters = 10
const filterNames: readonly string[] = ['default', 'json', 'url', 'base64']

/** Whether a text may hold a token at all; the quick answer for most texts. */
export function mayHoldTokens(text: string): boolean {
  return text.includes('{') && (text.includes('{{') || text.includes('{%'))
}

/** Whether a token can be written with this name. */
export function isName(name: unknown): boolean {
  return typeof name === 'string' && wholeName.test(name)
}

/**
 * Parses a text for tokens, in linear time; the result is cached by the text, within bounds.
 *
 * `\{{` and `\{%` are literals.
 *
 * @throws EZ_TEMPLATE_INVALID for braces that open a token and hold none; `subject` names the text
 */
export function parseTemplate(text: string, subject: string): Template {
  return mayHoldTokens(text) ? parseKnown(text, subject) : [text]
}

// Of more than two braces the last two open a token, unless a backslash stands before them all.
const parseKnown = /* @__PURE__ */ memo<Template, string>((text, subject) =>
  parse(text, subject, /\\\{[{%]|\{(?:\{(?!\{)|%)/g),
)

function parse(text: string, subject: string, opening: RegExp): Template {
  const parts: (string | Token)[] = []
  let literal = ''
  let position = 0
  for (;;) {
    opening.lastIndex = position
    const found = opening.exec(text)
    if (!found) break
    literal += text.slice(position, found.index)
    if (found[0].startsWith('\\')) {
      literal += found[0].slice(1)
      position = opening.lastIndex
      continue
    }
    const [token, end] = parseToken(text, found.index, subject)
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push(token)
    position = end
  }
  literal += text.slice(position)
  if (literal !== '' || parts.length === 0) parts.push(literal)
  return parts
}

function parseToken(text: string, start: number, subject: string): [Token, number] {
  const kind = text[start + 1] === '{' ? 'variable' : 'runtime'
  const closing = kind === 'variable' ? '}}' : '%}'
  let position = start + 2
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position
    const match = pattern.exec(text)
    if (match) position = pattern.lastIndex
    return match
  }
  const refuse = (problem: string): EzError =>
    new EzError(
      'EZ_TEMPLATE_INVALID',
      `${subject}: at character ${start + 1}, ${problem}. Write ${kind === 'variable' ? '{{name}}' : '{%name%}'}, or \\${text.slice(start, start + 2)} for the characters themselves.`,
      { details: { subject, position: start } },
    )

  take(spacePattern)
  const nameStart = position
  const first = take(namePattern)
  if (!first) throw refuse(`"${text.slice(start, start + 2)}" is followed by no name`)
  const path = [first[0]]
  for (;;) {
    const key = take(keyPattern)
    if (!key) break
    path.push((key[1] ?? key[2] ?? key[3] ?? key[4]) as string)
  }
  const name = text.slice(nameStart, position)
  take(spacePattern)
  const filters: Filter[] = []
  for (;;) {
    const filter = take(filterPattern)
    if (!filter) break
    filters.push(readFilter(filter[1] as string, filter[2], refuse))
    if (filters.length > mostFilters) throw refuse(`the token "${name}" has more than ${mostFilters} filters`)
  }
  if (!text.startsWith(closing, position)) throw refuse(`the token "${name}" is not closed by ${closing}`)
  return [{ kind, path, filters, name }, position + 2]
}

function readFilter(
  name: string,
  argument: string | undefined,
  refuse: (problem: string) => EzError,
): Filter {
  if (!filterNames.includes(name))
    throw refuse(`there is no filter "${name}" (known: ${filterNames.join(', ')})`)
  if (name !== 'default') {
    if (argument) throw refuse(`the filter "${name}" takes no argument`)
    return { name: name as Filter['name'] }
  }
  if (!argument) throw refuse('the filter "default" needs a value, as in default("x")')
  try {
    const json = argument.startsWith("'")
      ? `"${argument.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`
      : argument
    const value = JSON.parse(json) as string | number | boolean | null
    const isLong = /^-?\d+$/.test(argument) && !Number.isSafeInteger(value)
    return { name, argument: isLong ? BigInt(argument) : value }
  } catch {
    throw refuse('the value of "default" must be a quoted text, a number, true, false or null')
  }
}
