import { EzError, joinBytes } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import type { Run, Value } from './run.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a value. @throws EZ_BODY_UNSIGNABLE for bytes that are no UTF-8 */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value
  try {
    return decoder.decode(value)
  } catch {
    throw unsignable('it is no UTF-8 text')
  }
}

/** The bytes of a value. */
export const bytesOf = (value: Value): Uint8Array => (typeof value === 'string' ? utf8(value) : value)

/** The values one behind the other, with a text between; bytes as soon as one of them is. @throws EZ_OPTION_INVALID */
export function joined(run: Run, values: readonly Value[], separator: string): Value {
  let text = ''
  let length = 0
  let isText = true
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as Value
    length += value.length + (index > 0 ? separator.length : 0)
    if (typeof value === 'string') {
      if (isText) text += index > 0 ? separator + value : value
    } else isText = false
  }
  if (length > run.limit)
    throw new EzError(
      'EZ_OPTION_INVALID',
      'signature: a text of the description is longer than 1 MiB and the body. Leave pieces out.',
    )
  if (isText) return text
  return joinBytes(
    values.flatMap((value, index) =>
      index > 0 && separator !== '' ? [utf8(separator), bytesOf(value)] : [bytesOf(value)],
    ),
  )
}

/** Orders texts by their bytes in UTF-8, which is the order of their code points. */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (a === b) continue
    // Halves of surrogate pairs stand below U+E000 in UTF-16, and above it in UTF-8.
    const isHalf = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000
    return isHalf(a) === isHalf(b) ? a - b : isHalf(a) ? 1 : -1
  }
  return left.length - right.length
}

/** What is thrown for a body that a description cannot read. */
export const unsignable = (problem: string): EzError =>
  new EzError('EZ_BODY_UNSIGNABLE', `signature: the body cannot be read for signing: ${problem}.`)

/** What is thrown for a part of the request that a description signs and that is absent. */
export const absent = (what: string): EzError =>
  new EzError(
    'EZ_COMPONENT_MISSING',
    `signature: ${what} is signed, and the request has none. Send it, or mark it with ? in the description.`,
  )
