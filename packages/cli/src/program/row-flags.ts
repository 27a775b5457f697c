import { InvalidArgumentError } from 'commander'
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
