import { compareBytes, unsignable } from '../run/values.ts'

/** JSON with the members of objects in order of their names, and no white space. @throws EZ_BODY_UNSIGNABLE */
export function canonicalJson(text: string): string {
  return write(parse(text))
}

/** The value of a JSON text. @throws EZ_BODY_UNSIGNABLE */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unsignable('it is no JSON')
  }
}

function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  const members = Object.entries(value).sort(([left], [right]) => compareBytes(left, right))
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${write(inner)}`).join(',')}}`
}

/** The value at a JSON pointer (RFC 6901); `undefined` when there is none. */
export function atPointer(value: unknown, pointer: string): unknown {
  let current = value
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined
    current = (current as Record<string, unknown>)[name]
  }
  return current
}

/** A JSON value as text: strings as they are, `null` empty, everything else as JSON. */
export const jsonText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
