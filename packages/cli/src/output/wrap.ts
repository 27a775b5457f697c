import { stripVTControlCharacters } from 'node:util'
import { brokenSource } from './wrap-source.ts'

/**
 * A text in lines of at most `width` characters, broken between words; what follows a break is indented as its line,
 * and by `hanging` more. A word that is longer than a line stays whole. A line of source code is broken together with the
 * carets under it, so that they point.
 */
export function wrapped(text: string, width: number, hanging = 2): string {
  const lines = text.split('\n')
  return lines
    .flatMap((line, index) => {
      if (isCarets(line) && isTooLong(lines[index - 1], width)) return []
      const carets = lines[index + 1]
      if (lengthOf(line) <= width) return [line]
      return ofSource.test(line)
        ? brokenSource(line, carets !== undefined && isCarets(carets) ? carets : undefined, width)
        : brokenLine(line, width, hanging)
    })
    .join('\n')
}

const isTooLong = (line: string | undefined, width: number): boolean =>
  line !== undefined && ofSource.test(line) && lengthOf(line) > width

/** The width of a terminal; endless where there is none, so that programs get whole lines. */
export const widthOf = (stream: NodeJS.WriteStream): number =>
  stream.isTTY ? Math.max(20, stream.columns || 80) : Number.POSITIVE_INFINITY

/** A text that fits into one line, cut between words. */
export function shortened(text: string, width: number): string {
  if (text.length <= width) return text
  const cut = text.lastIndexOf(' ', width - 2)
  return cut > 0 ? `${text.slice(0, cut)} …` : ''
}

const lengthOf = (text: string): number => stripVTControlCharacters(text).length

// Lines of source code and the carets under them belong together.
const ofSource = /^ *\d+ \| /
const isCarets = (line: string): boolean => /^ *\| [ \t]*\^+/.test(line)

function brokenLine(line: string, width: number, hanging: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? ''
  const margin = indent + ' '.repeat(hanging)
  const lines: string[] = []
  let current = indent
  let isEmpty = true
  for (const word of line.slice(indent.length).split(' ')) {
    if (!isEmpty && lengthOf(current) + 1 + lengthOf(word) > width) {
      lines.push(current)
      current = margin + word
    } else {
      current += isEmpty ? word : ` ${word}`
    }
    isEmpty = false
  }
  return [...lines, current]
}
