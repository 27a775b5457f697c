import { parseBareItem } from './parse-bare-item.ts'
import { Scanner } from './scanner.ts'
import type { BareItem, Dictionary, InnerList, Item, Member } from './types.ts'

const keyPattern = /[a-z*][a-z0-9_\-.*]*/y
const spaces = / */y
const optionalWhitespace = /[ \t]*/y

/** How strictly a field is read. */
export interface ParseOptions {
  /**
   * Whether a key or parameter that stands twice is refused; by RFC 9651 the last one wins, which two readers may
   * see differently (default `false`).
   */
  readonly refuseDuplicates?: boolean
}

/**
 * Reads a field that is one item: `"text";q=1`.
 *
 * Source: RFC 9651 section 4.2.
 *
 * @throws EZ_HEADER_INVALID
 *
 * @example
 * ```ts
 * import { parseItem } from '@ez/core/structured-fields'
 *
 * console.log(parseItem('text/html;q=0.5').value) // { type: 'token', value: 'text/html' }
 * ```
 */
export function parseItem(text: string, options: ParseOptions = {}): Item {
  return parseWhole(text, (scanner) => readItem(scanner, options))
}

/**
 * Reads a field that is a list: `a, ("b" "c");q=1`.
 *
 * @throws EZ_HEADER_INVALID
 *
 * @example
 * ```ts
 * import { parseList } from '@ez/core/structured-fields'
 *
 * console.log(parseList('a, b').length) // 2
 * ```
 */
export function parseList(text: string, options: ParseOptions = {}): readonly Member[] {
  return parseWhole(text, (scanner) => {
    const members: Member[] = []
    readMembers(scanner, () => members.push(readMember(scanner, options)))
    return members
  })
}

/**
 * Reads a field that is a dictionary: `a=1, b=("x" "y");q=2, c`.
 *
 * @throws EZ_HEADER_INVALID
 *
 * @example
 * ```ts
 * import { parseDictionary } from '@ez/core/structured-fields'
 *
 * console.log([...parseDictionary('a=1, b').keys()]) // ['a', 'b']
 * ```
 */
export function parseDictionary(text: string, options: ParseOptions = {}): Dictionary {
  return parseWhole(text, (scanner) => {
    const members = new Map<string, Member>()
    readMembers(scanner, () => {
      const key = readKey(scanner)
      if (options.refuseDuplicates && members.has(key)) throw scanner.refuse('a key stands twice')
      members.set(key, scanner.take('=') ? readMember(scanner, options) : present(scanner, options))
    })
    return members
  })
}

function parseWhole<Value>(text: string, read: (scanner: Scanner) => Value): Value {
  const scanner = new Scanner(text)
  scanner.match(spaces)
  const value = read(scanner)
  scanner.match(spaces)
  if (!scanner.isAtEnd) throw scanner.refuse('something stands behind the value')
  return value
}

function readMembers(scanner: Scanner, readOne: () => void): void {
  while (!scanner.isAtEnd) {
    readOne()
    scanner.match(optionalWhitespace)
    if (scanner.isAtEnd) return
    if (!scanner.take(',')) throw scanner.refuse('a comma is expected')
    scanner.match(optionalWhitespace)
    if (scanner.isAtEnd) throw scanner.refuse('nothing stands behind the last comma')
  }
}

// A key without a value is true, and may have parameters.
function present(scanner: Scanner, options: ParseOptions): Item {
  return { value: { type: 'boolean', value: true }, parameters: readParameters(scanner, options) }
}

function readMember(scanner: Scanner, options: ParseOptions): Member {
  return scanner.peek() === '(' ? readInnerList(scanner, options) : readItem(scanner, options)
}

function readInnerList(scanner: Scanner, options: ParseOptions): InnerList {
  scanner.take('(')
  const items: Item[] = []
  for (;;) {
    scanner.match(spaces)
    if (scanner.take(')')) return { items, parameters: readParameters(scanner, options) }
    items.push(readItem(scanner, options))
    if (scanner.peek() !== ' ' && scanner.peek() !== ')')
      throw scanner.refuse('a space or the end of an inner list is expected')
  }
}

function readItem(scanner: Scanner, options: ParseOptions): Item {
  return { value: parseBareItem(scanner), parameters: readParameters(scanner, options) }
}

function readParameters(scanner: Scanner, { refuseDuplicates }: ParseOptions): Map<string, BareItem> {
  const parameters = new Map<string, BareItem>()
  while (scanner.take(';')) {
    scanner.match(spaces)
    const key = readKey(scanner)
    if (refuseDuplicates && parameters.has(key)) throw scanner.refuse('a parameter stands twice')
    parameters.set(key, scanner.take('=') ? parseBareItem(scanner) : { type: 'boolean', value: true })
  }
  return parameters
}

function readKey(scanner: Scanner): string {
  const key = scanner.match(keyPattern)
  if (key === undefined) throw scanner.refuse('a key in lower case is expected')
  return key
}
