import { InvalidArgumentError } from 'commander'
import { type ColumnTypes, columnTypes } from '../rows/column-types.ts'
import { isEncoding } from '../rows/encoding.ts'

/** The character of `--delimiter`; a tab as `tab` or `\\t`. */
export function delimiter(text: string): string {
  const character = text === 'tab' || text === '\\t' ? '\t' : text
  if (!/^[^"\r\n]$/.test(character))
    throw new InvalidArgumentError("It must be one character, such as ';', or tab.")
  return character
}

/** The name of `--encoding`. */
export function encoding(label: string): string {
  if (!isEncoding(label))
    throw new InvalidArgumentError('It must be an encoding such as utf-8, windows-1252 or utf-16le.')
  return label.toLowerCase() === 'utf8' ? 'utf-8' : label.toLowerCase()
}

/** The columns of `--types`: `quantity:number`, more of them after commas or in further flags. */
export function types(text: string, earlier: ColumnTypes = {}): ColumnTypes {
  const found: Record<string, ColumnTypes[string]> = { ...earlier }
  for (const part of text.split(',')) {
    const end = part.lastIndexOf(':')
    const type = columnTypes.find((name) => name === part.slice(end + 1).trim())
    if (end < 1 || type === undefined)
      throw new InvalidArgumentError(
        `It must be column:type, such as quantity:number; types are ${columnTypes.join(', ')}.`,
      )
    found[part.slice(0, end).trim()] = type
  }
  return found
}
