import { EzError } from '@ez/core'

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\u001b',
  E: '\u001b',
}

/** What stands in double quotes from `start`, and where it ends. @throws EZ_IMPORT_INVALID */
export function doubleQuoted(text: string, start: number): [string, number] {
  let part = ''
  for (let position = start; position < text.length; position += 1) {
    const character = text[position] as string
    if (character === '"') return [part, position + 1]
    if (character === '\\' && /["\\$`\n]/.test(text[position + 1] ?? '')) {
      position += 1
      if (text[position] !== '\n') part += text[position]
    } else part += character
  }
  throw unclosed()
}

/**
 * What stands in `$'…'` from `start`, and where it ends: `\xHH` and `\nnn` are bytes, and those of a character stand
 * side by side (Bash, "ANSI-C Quoting").
 *
 * @throws EZ_IMPORT_INVALID for a quote that is not closed, and for bytes that are no text in UTF-8
 */
export function ansiQuoted(text: string, start: number): [string, number] {
  const bytes: number[] = []
  const add = (part: string): void => {
    bytes.push(...new TextEncoder().encode(part))
  }
  for (let position = start; position < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(position) as number)
    if (character === "'") return [decoded(bytes), position + 1]
    position += character.length
    if (character !== '\\') {
      add(character)
      continue
    }
    const rest = text.slice(position, position + 10)
    const code = /^u([0-9a-fA-F]{1,4})|^U([0-9a-fA-F]{1,8})|^x([0-9a-fA-F]{1,2})|^([0-7]{1,3})/.exec(rest)
    if (!code) {
      // A backslash before any other character stays.
      add(escapes[rest[0] ?? ''] ?? (/^['"\\?]/.test(rest) ? (rest[0] as string) : `\\${rest[0] ?? ''}`))
      position += 1
      continue
    }
    const point = Number.parseInt(code[1] ?? code[2] ?? '', 16)
    if (!Number.isNaN(point)) {
      // Browsers write a character beyond U+FFFF as two halves.
      const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(text.slice(position + code[0].length))
      const pair = point >= 0xd800 && point < 0xdc00 && low !== null
      add(
        pair
          ? String.fromCharCode(point, Number.parseInt(low[1] as string, 16))
          : String.fromCodePoint(point),
      )
      if (pair) position += low[0].length
    } else bytes.push((code[3] ? Number.parseInt(code[3], 16) : Number.parseInt(code[4] as string, 8)) & 0xff)
    position += code[0].length
  }
  throw unclosed()
}

function decoded(bytes: readonly number[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
  } catch (cause) {
    throw new EzError(
      'EZ_IMPORT_INVALID',
      "The command holds bytes in $'…' that are no text in UTF-8. Save them to a file, and name it with @.",
      { cause },
    )
  }
}

/** The error for a command that was not copied whole. */
export const unclosed = (): EzError =>
  new EzError('EZ_IMPORT_INVALID', 'The command holds a quote that is not closed. Copy it whole.')
