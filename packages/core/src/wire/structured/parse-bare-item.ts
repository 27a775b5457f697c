import { fromBase64 } from '#crypto'
import type { Scanner } from './scanner.ts'
import type { BareItem } from './types.ts'

const numberPattern = /-?\d+(?:\.\d*)?/y
const plainText = /[\x20\x21\x23-\x5b\x5d-\x7e]*/y
const tokenPattern = /[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y
const bytesPattern = /[A-Za-z0-9+/]*={0,2}/y
const displayPattern = /(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*/y

/** Reads a bare item. Source: RFC 9651 section 4.2.3.1. @throws EZ_HEADER_INVALID */
export function parseBareItem(scanner: Scanner): BareItem {
  const next = scanner.peek()
  if (next === '"') return parseString(scanner)
  if (next === ':') return parseByteSequence(scanner)
  if (next === '?') return parseBoolean(scanner)
  if (next === '@') return parseDate(scanner)
  if (next === '%') return parseDisplayString(scanner)
  if (/[-0-9]/.test(next)) return parseNumber(scanner)
  const value = scanner.match(tokenPattern)
  if (value === undefined) throw scanner.refuse('a value is expected')
  return { type: 'token', value }
}

function parseNumber(scanner: Scanner): BareItem & { readonly type: 'integer' | 'decimal' } {
  const text = scanner.match(numberPattern)
  if (text === undefined) throw scanner.refuse('a number has no digits')
  const [whole = '', fraction] = text.replace('-', '').split('.')
  const isInteger = fraction === undefined
  if (isInteger ? whole.length > 15 : whole.length > 12 || fraction.length < 1 || fraction.length > 3)
    throw scanner.refuse('a number has too many digits, or ends in a point')
  // `-0` is read as 0 (section 4.2.4 gives numbers their value, and serialisation writes 0).
  return { type: isInteger ? 'integer' : 'decimal', value: Number(text) || 0 }
}

function parseString(scanner: Scanner): BareItem {
  scanner.take('"')
  const parts: string[] = []
  for (;;) {
    parts.push(scanner.match(plainText) ?? '')
    if (scanner.take('"')) return { type: 'string', value: parts.join('') }
    if (!scanner.take('\\')) throw scanner.refuse('a string holds what it must not, or does not end')
    if (scanner.take('"')) parts.push('"')
    else if (scanner.take('\\')) parts.push('\\')
    else throw scanner.refuse('a backslash escapes neither a quote nor a backslash')
  }
}

function parseByteSequence(scanner: Scanner): BareItem {
  scanner.take(':')
  const text = scanner.match(bytesPattern) ?? ''
  if (!scanner.take(':')) throw scanner.refuse('a byte sequence is not base64, or does not end')
  // Padding may be missing (section 4.2.7), but not half of it.
  const value = fromBase64(text.includes('=') ? text : text + '='.repeat((4 - (text.length % 4)) % 4))
  if (!value) throw scanner.refuse('a byte sequence is not base64')
  return { type: 'byte-sequence', value }
}

function parseBoolean(scanner: Scanner): BareItem {
  scanner.take('?')
  if (scanner.take('1')) return { type: 'boolean', value: true }
  if (scanner.take('0')) return { type: 'boolean', value: false }
  throw scanner.refuse('a boolean is neither ?0 nor ?1')
}

function parseDate(scanner: Scanner): BareItem {
  scanner.take('@')
  const { type, value } = parseNumber(scanner)
  if (type !== 'integer') throw scanner.refuse('a date is no whole number')
  return { type: 'date', value }
}

function parseDisplayString(scanner: Scanner): BareItem {
  scanner.take('%')
  if (!scanner.take('"')) throw scanner.refuse('a display string does not begin with %"')
  const text = scanner.match(displayPattern) ?? ''
  if (!scanner.take('"')) throw scanner.refuse('a display string holds what it must not, or does not end')
  try {
    return { type: 'display-string', value: decodeURIComponent(text) }
  } catch {
    throw scanner.refuse('a display string is not UTF-8')
  }
}
