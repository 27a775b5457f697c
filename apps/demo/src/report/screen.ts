import { styleText } from 'node:util'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

type Format = Parameters<typeof styleText>[0]

/** Where the report is written: how wide it is, and whether it has colours. */
export interface Screen {
  /** Columns; infinite where nothing bounds a line. */
  readonly columns: number
  paint(format: Format, text: string): string
}

/** A screen for a stream. Colours follow the stream, `NO_COLOR` and `FORCE_COLOR`. */
export function createScreen(stream: NodeJS.WriteStream, columns: number): Screen {
  return { columns, paint: (format, text) => styleText(format, text, { stream }) }
}

/** The columns of a terminal, or of `COLUMNS`; without bound for a pipe. */
export function columnsOf(
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): number {
  const given = Number(stream.isTTY ? stream.columns : environment.COLUMNS)
  return Number.isInteger(given) && given > 0 ? Math.max(given, 30) : Number.POSITIVE_INFINITY
}

/** The columns that a text takes. */
export function widthOf(text: string): number {
  return stringWidth(text)
}

/** Fills a text up with spaces. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Wraps a line at its spaces; what continues it is set in as the line is, and by two. */
export function wrapProse(text: string, columns: number): string[] {
  if (widthOf(text) <= columns) return [text]
  const indent = /^ */.exec(text)?.[0] ?? ''
  const wrapped = wrapAnsi(text.slice(indent.length), columns - indent.length - 2, { hard: true })
  const [first = '', ...rest] = wrapped.split('\n')
  return [indent + first, ...rest.map((part) => `${indent}  ${part}`)]
}

/** Wraps a line whose every character counts; what continues it is set in by two. */
export function wrapExact(text: string, columns: number): string[] {
  if (widthOf(text) <= columns) return [text]
  const [first = '', ...rest] = cut(text, columns - 2)
  return [first, ...rest.map((part) => `  ${part}`)]
}

/** Cuts a line that must stay one. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  return `${cut(text, columns - 1)[0]}…`
}

function cut(text: string, columns: number): string[] {
  return wrapAnsi(text, columns, { hard: true, wordWrap: false, trim: false }).split('\n')
}
