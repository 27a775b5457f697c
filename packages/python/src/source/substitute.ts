import { createHash } from 'node:crypto'
import { EzError, textOf } from '@ez/core'
import { type Context, type Lexed, type Literal, lex, type SourceToken } from './lexer.ts'
import { escaped, pythonLiteral, type Refuse, unfit } from './literal.ts'

/** A source with its tokens found; made once for each text. */
export interface ParsedSource {
  readonly text: string
  /** SHA-256 of the text, hexadecimal. */
  readonly hash: string
  readonly lexed: Lexed
}

/** A source in which every token is a value. */
export interface ResolvedSource {
  readonly text: string
  /** The line of the script's own text for a line of `text`; both from 1. */
  ownLine(line: number): number
}

/** Finds the tokens of a Python source. Line ends become `\n`, as Python reads them. */
export function parseSource(source: string): ParsedSource {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  return { text, hash: createHash('sha256').update(text).digest('hex'), lexed: lex(text) }
}

/**
 * Replaces the tokens of a source by values: a Python literal in code, escaped text in a literal. No value can end
 * the literal that it stands in, or become code.
 *
 * @throws EZ_SCRIPT_VALUE for what a raw or bytes literal cannot hold, and for values that Python has no literal for
 */
export function substitute(
  { text, lexed }: ParsedSource,
  subject: string,
  valueFor: (token: SourceToken, line: number) => unknown,
): ResolvedSource {
  const added: { after: number; lines: number }[] = []
  let written = ''
  let position = 0
  let line = 1
  let writtenLine = 1
  for (const [index, token] of lexed.tokens.entries()) {
    const before = text.slice(position, token.start)
    const lines = countLines(before)
    line += lines
    writtenLine += lines
    const shown = text.slice(token.start, token.end)
    const refuse = unfit(subject, line, shown)
    const next = lexed.tokens[index + 1]?.start === token.end ? 'token' : (text[token.end] ?? '')
    const piece =
      token.escaped && token.context.kind === 'code'
        ? shown.slice(1)
        : inContext(token.escaped ? shown.slice(1) : valueFor(token, line), token.context, next, refuse)
    written += before + spaced(piece, token, text)
    position = token.end
    const more = countLines(piece)
    if (more > 0) {
      added.push({ after: writtenLine, lines: more })
      writtenLine += more
    }
  }
  return {
    text: written + text.slice(position),
    ownLine: (writtenAt) =>
      added.reduce(
        (own, { after, lines }) => own - Math.min(lines, Math.max(0, writtenAt - after)),
        writtenAt,
      ),
  }
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

// Between a name or a number and the literal: what would be one word with it must stay two.
function spaced(piece: string, { context, start, end }: SourceToken, text: string): string {
  if (context.kind !== 'code') return piece
  const glued = /[\w.\u0080-\uffff]/
  return (glued.test(text[start - 1] ?? '') ? ' ' : '') + piece + (glued.test(text[end] ?? '') ? ' ' : '')
}

/** `next` is the character after the token, or `token` when another one follows at once. */
function inContext(value: unknown, context: Context, next: string, refuse: Refuse): string {
  if (context.kind === 'code') return pythonLiteral(value, refuse)
  const plain = plainText(value, refuse)
  if (context.kind === 'literal') return inLiteral(plain, context, next, refuse)
  if (context.literal.raw && /[{}]/.test(plain))
    throw refuse('the format of a raw f-string cannot hold a brace')
  return inLiteral(plain, { ...context.literal, formatted: false }, next, refuse)
}

function inLiteral(plain: string, literal: Literal, next: string, refuse: Refuse): string {
  if (literal.bytes && /[^\0-\x7f]/.test(plain))
    throw refuse('a bytes literal holds ASCII only; put the token into a string and encode it')
  if (!literal.raw) return escaped(plain)
  const { quote } = literal
  const problem = plain.includes(quote[0] as string)
    ? `the quote ${quote[0]}`
    : quote.length === 1 && plain.includes('\n')
      ? 'a line break'
      : /[\0\r]/.test(plain)
        ? 'this control character'
        : plain.endsWith('\\') && ['\\', quote[0], 'token', ''].includes(next)
          ? 'a backslash at its end'
          : !plain.isWellFormed()
            ? 'half a surrogate pair'
            : undefined
  if (problem !== undefined) throw refuse(`a raw literal cannot hold ${problem}; drop the r before it`)
  return literal.formatted ? plain.replace(/[{}]/g, '$&$&') : plain
}

function plainText(value: unknown, refuse: Refuse): string {
  if (typeof value === 'symbol' || typeof value === 'function') throw refuse(`a ${typeof value} is no text`)
  try {
    return textOf(value, 'the value')
  } catch (cause) {
    throw EzError.isInstance(cause) ? refuse(cause.message.replace(/\.$/, '')) : cause
  }
}
