// Finds the tokens of a Python source, and where each of them stands. It follows CPython's tokenizer (3.14) in what
// matters here: where comments, literals and the fields of f-strings begin and end.

/** The literal that a token stands in. */
export interface Literal {
  readonly kind: 'literal'
  readonly quote: string
  readonly raw: boolean
  readonly bytes: boolean
  /** f- and t-strings: braces open fields. */
  readonly formatted: boolean
}

/** Where a token stands: in code, in a literal, or in the format specification of a field. */
export type Context =
  | { readonly kind: 'code' }
  | Literal
  | { readonly kind: 'format'; readonly literal: Literal }

/** A token of a template, in a source. */
export interface SourceToken {
  readonly start: number
  readonly end: number
  readonly syntax: 'variable' | 'runtime'
  /** What stands between the braces. */
  readonly inner: string
  /** A backslash stands before it: the token is text. */
  readonly escaped: boolean
  readonly context: Context
}

/** What the lexer finds. */
export interface Lexed {
  readonly tokens: readonly SourceToken[]
  /** The names that stand in code. */
  readonly names: ReadonlySet<string>
}

type Mode =
  | { readonly kind: 'code'; depth: number; readonly field: Literal | undefined }
  | { readonly kind: 'format'; readonly literal: Literal }
  | Literal

const name = String.raw`[\p{L}_$][\p{L}\p{N}_$-]*`
const key = String.raw`\.[\p{L}\p{N}_$-]+|\[\d{1,9}\]|\["[^"\\\n]{0,200}"\]|\['[^'\\\n]{0,200}'\]`
const argument = String.raw`"(?:[^"\\\n]|\\.){0,1000}"|'(?:[^'\\\n]|\\.){0,1000}'|[\w.+-]{1,40}`
const filter = String.raw`\|[ \t]{0,50}[a-z0-9]{1,20}[ \t]{0,50}(?:\([ \t]{0,50}(?:${argument})?[ \t]{0,50}\)[ \t]{0,50})?`
const inner = String.raw`[ \t]{0,50}(${name}(?:${key}){0,20}[ \t]{0,50}(?:${filter}){0,10})`
const tokenPattern = new RegExp(String.raw`\{(?:\{${inner}\}\}|%${inner}%\})`, 'uy')
const wordPattern = /[A-Za-z0-9_\u0080-\uffff]+/y
const prefixes = new Set(['r', 'b', 'u', 'f', 't', 'br', 'rb', 'fr', 'rf', 'tr', 'rt'])

/** Reads a source whose lines end with `\n`, once from start to end. */
export function lex(source: string): Lexed {
  const tokens: SourceToken[] = []
  const names = new Set<string>()
  const modes: Mode[] = [{ kind: 'code', depth: 0, field: undefined }]
  let position = 0

  const tokenAt = (start: number): RegExpExecArray | null => {
    tokenPattern.lastIndex = start
    return tokenPattern.exec(source)
  }
  /** Takes the token at this place, if there is one, with the backslash before it. */
  const takeToken = (context: Context): boolean => {
    const escaped = source[position] === '\\'
    const found = tokenAt(escaped ? position + 1 : position)
    if (!found) return false
    const start = position
    position = tokenPattern.lastIndex
    const syntax = found[1] === undefined ? 'runtime' : 'variable'
    tokens.push({
      start,
      end: position,
      syntax,
      inner: (found[1] ?? found[2] ?? '').trim(),
      escaped,
      context,
    })
    return true
  }
  const openLiteral = (prefix: string): void => {
    const mark = source[position] as string
    const quote = source.startsWith(mark.repeat(3), position) ? mark.repeat(3) : mark
    const letters = prefix.toLowerCase()
    modes.push({
      kind: 'literal',
      quote,
      raw: letters.includes('r'),
      bytes: letters.includes('b'),
      formatted: letters.includes('f') || letters.includes('t'),
    })
    position += quote.length
  }
  /** Whether the literal ends here: at its quote, or unterminated at the end of its line. */
  const closesLiteral = (literal: Literal): boolean => {
    if (source.startsWith(literal.quote, position)) {
      position += literal.quote.length
      return true
    }
    return literal.quote.length === 1 && source[position] === '\n'
  }

  const inCode = (mode: Mode & { kind: 'code' }): void => {
    const character = source[position] as string
    if (character === '#') {
      const end = source.indexOf('\n', position)
      position = end < 0 ? source.length : end
    } else if ((character === '{' || character === '\\') && takeToken({ kind: 'code' })) return
    else if (character === '"' || character === "'") openLiteral('')
    else if (readWord()) return
    else if ('([{'.includes(character)) {
      mode.depth += 1
      position += 1
    } else if (mode.field && mode.depth === 0 && (character === '}' || character === ':')) {
      modes.pop()
      position += 1
      if (character === ':') modes.push({ kind: 'format', literal: mode.field })
    } else {
      if (')]}'.includes(character) && mode.depth > 0) mode.depth -= 1
      position += 1
    }
  }
  const readWord = (): boolean => {
    wordPattern.lastIndex = position
    const word = wordPattern.exec(source)?.[0]
    if (word === undefined) return false
    position += word.length
    const next = source[position]
    if ((next === '"' || next === "'") && prefixes.has(word.toLowerCase())) openLiteral(word)
    else names.add(word)
    return true
  }

  const inLiteral = (literal: Literal): void => {
    if (closesLiteral(literal)) {
      modes.pop()
      return
    }
    const character = source[position]
    if (character === '\\') {
      if (!takeToken(literal)) skipEscape(literal)
    } else if (character === '{') {
      if (takeToken(literal)) return
      if (literal.formatted && source[position + 1] === '{') position += 2
      else {
        position += 1
        if (literal.formatted) modes.push({ kind: 'code', depth: 0, field: literal })
      }
    } else position += 1
  }
  const skipEscape = (literal: Literal): void => {
    const next = source[position + 1]
    // In an f-string a backslash does not keep a brace from opening a field, but for \N{NAME}.
    if (literal.formatted && (next === '{' || next === '}')) position += 1
    else if (literal.formatted && !literal.raw && next === 'N' && source[position + 2] === '{') {
      const end = /[}\n]/g
      end.lastIndex = position
      const found = end.exec(source)
      position = found?.[0] === '}' ? found.index + 1 : position + 2
    } else position += 2
  }

  const inFormat = (mode: Mode & { kind: 'format' }): void => {
    const character = source[position]
    if (
      source.startsWith(mode.literal.quote, position) ||
      (mode.literal.quote.length === 1 && character === '\n')
    )
      modes.pop()
    else if (character === '}') {
      modes.pop()
      position += 1
    } else if (character === '{') {
      if (takeToken(mode)) return
      modes.push({ kind: 'code', depth: 0, field: mode.literal })
      position += 1
    } else if (character === '\\' && takeToken(mode)) return
    else position += character === '\\' ? 2 : 1
  }

  while (position < source.length) {
    const mode = modes[modes.length - 1] as Mode
    if (mode.kind === 'code') inCode(mode)
    else if (mode.kind === 'literal') inLiteral(mode)
    else inFormat(mode)
  }
  return { tokens, names }
}
