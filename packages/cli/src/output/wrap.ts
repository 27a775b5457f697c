import { stripVTControlCharacters } from 'node:util'

/**
 * A text in lines of at most `width` characters, broken between words; what follows a break is indented as its line,
 * and by `hanging` more. A word that is longer than a line stays whole.
 */
export function wrapped(text: string, width: number, hanging = 2): string {
  return text
    .split('\n')
    .flatMap((line) => (lengthOf(line) <= width ? [line] : brokenLine(line, width, hanging)))
    .join('\n')
}

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
const ofSource = /^ *(?:\d+ )?\| /

function brokenLine(line: string, width: number, hanging: number): string[] {
  if (ofSource.test(line)) return [line]
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
