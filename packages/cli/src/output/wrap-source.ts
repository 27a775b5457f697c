import { stripVTControlCharacters } from 'node:util'

/**
 * A line of source code in pieces of at most `width` characters, each with the part of the carets that is under it; what
 * follows the carets comes after the last of them. Pieces end between words where they can, and with them the text is
 * whole.
 */
export function brokenSource(line: string, carets: string | undefined, width: number): string[] {
  const [gutter = ''] = /^ *\d+ \| /.exec(line) ?? []
  const empty = gutter.replace(/\d/g, ' ')
  const [, before = '', marks = '', after = ''] = /^( *\| [ \t]*)(\^+)(.*)$/s.exec(carets ?? '') ?? []
  const start = before.length - gutter.length
  const end = start + marks.length
  const lines: string[] = []
  let at = 0
  for (const piece of piecesOf(line.slice(gutter.length), Math.max(10, width - gutter.length))) {
    lines.push(`${at === 0 ? gutter : empty}${piece}`)
    const from = Math.max(start, at)
    const to = Math.min(end, at + piece.length)
    if (carets !== undefined && from < to)
      lines.push(`${empty}${blanks(piece.slice(0, from - at))}${'^'.repeat(to - from)}`)
    at += piece.length
  }
  // Past the end of the line: after its last piece.
  if (carets !== undefined && start >= at)
    lines.push(`${empty}${blanks((lines.at(-1) ?? '').slice(empty.length))}^`)
  if (after === '') return lines
  const last = lines.at(-1) as string
  const isNear = last.endsWith('^') && last.length + stripVTControlCharacters(after).length <= width
  return isNear ? [...lines.slice(0, -1), `${last}${after}`] : [...lines, `${empty}${after.trimStart()}`]
}

// A tab stays one, as wide as it is above.
const blanks = (text: string): string => text.replace(/[^\t]/g, ' ')

function piecesOf(text: string, width: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > width) {
    const end = endOfPiece(rest, width)
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...pieces, rest]
}

// After a space, else after a mark that divides URLs and lists, else wherever the line is over.
function endOfPiece(text: string, width: number): number {
  const part = text.slice(0, width)
  for (const mark of [/ (?=[^ ]*$)/, /[/?&,;:=](?=[^/?&,;:=]*$)/]) {
    const index = part.search(mark)
    // A piece of nothing but indentation is none.
    if (index >= 0 && part.slice(0, index).trim() !== '') return index + 1
  }
  return width
}
