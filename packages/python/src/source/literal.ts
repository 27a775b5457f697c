import { EzError, reveal, Secret } from '@ez/core'

const deepest = 200
// CPython refuses longer integers in a source.
const mostDigits = 4300

/** Refuses a value for where it stands. */
export type Refuse = (problem: string) => EzError

/** An error about a value that Python source cannot hold. */
export function unfit(subject: string, line: number, token: string): Refuse {
  return (problem) =>
    new EzError('EZ_SCRIPT_VALUE', `${subject}: line ${line}: ${token}: ${problem}.`, {
      details: { line, token },
    })
}

/**
 * The characters of a string, escaped for a literal that is not raw: quotes, braces and controls can neither end the
 * literal nor open a field, and a first hex digit cannot complete an escape before it.
 */
export function escaped(text: string): string {
  let written = ''
  for (const character of text) {
    const code = character.codePointAt(0) as number
    if (
      written === ''
        ? /[G-Zg-z _./:=?&@+~-]/.test(character)
        : /[\w ./:=?&@+~,;()[\]<>*!#$%^|-]/.test(character)
    )
      written += character
    else if (code < 0x100) written += `\\x${code.toString(16).padStart(2, '0')}`
    else if (code < 0x10000) written += `\\u${code.toString(16).padStart(4, '0')}`
    else written += `\\U${code.toString(16).padStart(8, '0')}`
  }
  return written
}

/** A value as a Python literal: `True`, `None`, numbers, quoted strings, lists and dicts. */
export function pythonLiteral(value: unknown, refuse: Refuse): string {
  const open: object[] = []
  const write = (current: unknown): string => {
    switch (typeof current) {
      case 'string':
        return `"${escaped(current)}"`
      case 'boolean':
        return current ? 'True' : 'False'
      case 'number':
        return numberLiteral(current, refuse)
      case 'bigint': {
        const digits = String(current)
        if (digits.length > mostDigits)
          throw refuse(`an integer of ${digits.length} digits is too long for Python`)
        return current < 0n ? `(${digits})` : digits
      }
      case 'object':
        return current === null ? 'None' : writeObject(current)
      default:
        throw refuse(`a value of type ${typeof current} has no Python literal`)
    }
  }
  const writeObject = (current: object): string => {
    if (Secret.isInstance(current)) return write(reveal(current))
    if (current instanceof Uint8Array)
      return `b"${[...current].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`
    if (open.includes(current)) throw refuse('the value holds itself')
    if (open.length === deepest) throw refuse(`the value is nested more than ${deepest} deep`)
    const { toJSON } = current as { toJSON?: unknown }
    open.push(current)
    const written = typeof toJSON === 'function' ? write(toJSON.call(current)) : writeContainer(current)
    open.pop()
    return written
  }
  const writeContainer = (current: object): string => {
    if (Array.isArray(current)) return `[${current.map((item) => write(item ?? null)).join(',')}]`
    const prototype: unknown = Object.getPrototypeOf(current)
    if (prototype !== Object.prototype && prototype !== null)
      throw refuse(`a ${current.constructor?.name ?? 'special object'} has no Python literal`)
    const pairs = Object.entries(current).filter(([, item]) => item !== undefined)
    return `{${pairs.map(([key, item]) => `${write(key)}:${write(item)}`).join(',')}}`
  }
  return write(value)
}

function numberLiteral(value: number, refuse: Refuse): string {
  if (!Number.isFinite(value)) throw refuse(`${value} has no Python literal`)
  const written = Object.is(value, -0) ? '-0.0' : String(value)
  // In brackets, so that -1 ** 2 means what it says.
  return written.startsWith('-') ? `(${written})` : written
}
