import { diffChars } from 'diff'

/** A piece of a text: the same on both sides, or different. */
export interface Piece {
  readonly text: string
  readonly differs: boolean
}

/** Two texts, each in pieces. */
export interface Marked {
  readonly expected: readonly Piece[]
  readonly signed: readonly Piece[]
}

const longest = 4000

/** Where two lines differ, character by character. */
export function marked(expected: string, signed: string): Marked {
  // Two long texts that share nothing would take seconds, and tell no more than the first difference.
  if (expected.length + signed.length > longest) return byEnds(expected, signed)
  const changes = diffChars(expected, signed)
  return {
    expected: changes
      .filter(({ added }) => !added)
      .map(({ value, removed }) => ({ text: value, differs: removed })),
    signed: changes
      .filter(({ removed }) => !removed)
      .map(({ value, added }) => ({ text: value, differs: added })),
  }
}

function byEnds(expected: string, signed: string): Marked {
  const shorter = Math.min(expected.length, signed.length)
  let start = 0
  while (start < shorter && expected[start] === signed[start]) start += 1
  let end = 0
  while (end < shorter - start && expected.at(-1 - end) === signed.at(-1 - end)) end += 1
  const pieces = (text: string): Piece[] =>
    [
      { text: text.slice(0, start), differs: false },
      { text: text.slice(start, text.length - end), differs: true },
      { text: text.slice(text.length - end), differs: false },
    ].filter(({ text }) => text !== '')
  return { expected: pieces(expected), signed: pieces(signed) }
}

const names: Readonly<Record<string, string>> = {
  '\t': '→',
  '\r': '␍',
  '\n': '⏎',
  '\u00a0': '⍽',
  '\u200b': '[U+200B]',
  '\ufeff': '[U+FEFF]',
}
const invisible =
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/g

/** A text whose invisible characters can be seen; spaces too, where they stand in what differs. */
export function visible(text: string, spaces = false): string {
  const shown = text.replace(
    invisible,
    (character) =>
      names[character] ?? `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`,
  )
  return spaces ? shown.replaceAll(' ', '·') : shown
}
