import { toBase64, utf8 } from '#crypto'
import { EzError } from '../../base/error.ts'
import type { BareItem, Dictionary, InnerList, Item, Member, Parameters } from './types.ts'

const keyPattern = /^[a-z*][a-z0-9_\-.*]*$/
const tokenPattern = /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/
const printable = /^[\x20-\x7e]*$/

/**
 * Writes an item: `"text";q=1`.
 *
 * Source: RFC 9651 section 4.1.
 *
 * @throws EZ_HEADER_INVALID for a value that no field can hold
 *
 * @example
 * ```ts
 * import { serializeItem } from '@ez/core/structured-fields'
 *
 * serializeItem({ value: { type: 'string', value: 'a"b' }, parameters: new Map() }) // '"a\\"b"'
 * ```
 */
export function serializeItem({ value, parameters }: Item): string {
  return serializeBareItem(value) + serializeParameters(parameters)
}

/**
 * Writes an inner list: `("a" "b");q=1`.
 *
 * @throws EZ_HEADER_INVALID for a value that no field can hold
 *
 * @example
 * ```ts
 * import { serializeInnerList } from '@ez/core/structured-fields'
 *
 * serializeInnerList({ items: [], parameters: new Map() }) // '()'
 * ```
 */
export function serializeInnerList({ items, parameters }: InnerList): string {
  return `(${items.map(serializeItem).join(' ')})${serializeParameters(parameters)}`
}

/**
 * Writes a list: `a, b`.
 *
 * @throws EZ_HEADER_INVALID for a value that no field can hold
 *
 * @example
 * ```ts
 * import { parseList, serializeList } from '@ez/core/structured-fields'
 *
 * serializeList(parseList('a ,b')) // 'a, b'
 * ```
 */
export function serializeList(members: readonly Member[]): string {
  return members.map(serializeMember).join(', ')
}

/**
 * Writes a dictionary: `a=1, b`.
 *
 * @throws EZ_HEADER_INVALID for a key or value that no field can hold
 *
 * @example
 * ```ts
 * import { parseDictionary, serializeDictionary } from '@ez/core/structured-fields'
 *
 * serializeDictionary(parseDictionary('a=?1, b=2')) // 'a, b=2'
 * ```
 */
export function serializeDictionary(dictionary: Dictionary): string {
  return [...dictionary]
    .map(([key, member]) => {
      const isTrue = 'value' in member && member.value.type === 'boolean' && member.value.value
      return (
        serializeKey(key) + (isTrue ? serializeParameters(member.parameters) : `=${serializeMember(member)}`)
      )
    })
    .join(', ')
}

/**
 * Writes an item or an inner list.
 *
 * @throws EZ_HEADER_INVALID for a value that no field can hold
 *
 * @example
 * ```ts
 * import { parseDictionary, serializeMember } from '@ez/core/structured-fields'
 *
 * const member = parseDictionary('a=("x");q=1').get('a')
 * if (member) serializeMember(member) // '("x");q=1'
 * ```
 */
export function serializeMember(member: Member): string {
  return 'items' in member ? serializeInnerList(member) : serializeItem(member)
}

function serializeParameters(parameters: Parameters): string {
  let text = ''
  for (const [key, value] of parameters) {
    const isTrue = value.type === 'boolean' && value.value
    text += `;${serializeKey(key)}${isTrue ? '' : `=${serializeBareItem(value)}`}`
  }
  return text
}

function serializeKey(key: string): string {
  if (!keyPattern.test(key)) throw unwritable('a key', 'letters, digits, "_", "-", "." and "*" in lower case')
  return key
}

function serializeBareItem(item: BareItem): string {
  switch (item.type) {
    case 'integer':
      return serializeInteger(item.value)
    case 'decimal':
      return serializeDecimal(item.value)
    case 'date':
      return `@${serializeInteger(item.value)}`
    case 'boolean':
      return item.value ? '?1' : '?0'
    case 'byte-sequence':
      return `:${toBase64(item.value)}:`
    case 'token':
      if (!tokenPattern.test(item.value)) throw unwritable('a token', 'characters of a token')
      return item.value
    case 'string':
      if (!printable.test(item.value)) throw unwritable('a string', 'printable ASCII')
      return `"${item.value.replace(/[\\"]/g, '\\$&')}"`
    case 'display-string':
      return `%"${[...utf8(item.value)].map(displayed).join('')}"`
  }
}

function serializeInteger(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > 999_999_999_999_999)
    throw unwritable('an integer', 'at most 15 digits')
  return String(value || 0)
}

// Rounded to three digits behind the point, half to even, with one digit at least (section 4.1.5).
function serializeDecimal(value: number): string {
  const thousandth = value * 1000
  const floor = Math.floor(thousandth)
  const isHalf = thousandth - floor === 0.5
  const rounded = isHalf ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(thousandth)
  if (!(Math.abs(rounded) <= 999_999_999_999_999))
    throw unwritable('a decimal', 'at most 12 digits before the point')
  const digits = String(Math.abs(rounded)).padStart(4, '0')
  const fraction = digits.slice(-3).replace(/0{1,2}$/, '')
  return `${rounded < 0 ? '-' : ''}${digits.slice(0, -3)}.${fraction}`
}

function displayed(byte: number): string {
  const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x22 && byte !== 0x25
  return isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`
}

function unwritable(what: string, may: string): EzError {
  return new EzError('EZ_HEADER_INVALID', `structured field: ${what} may hold ${may} only.`)
}
