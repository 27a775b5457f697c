import { EzError } from './error.ts'
import { reveal, Secret } from './secret.ts'

const deepest = 1000
// Quotes, backslashes, controls and surrogates need JSON.stringify; nothing else does.
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/

/** A JSON text, with quotes. */
export function quoteJson(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** Where JSON goes; without the optional functions, strings and keys are written as they are. */
export interface JsonWriter {
  /** JSON text, ready. */
  raw(json: string): void
  /** A string that is not a key. */
  text?(text: string, place: () => string): void
  key?(key: string, place: () => string): void
  /** Told each secret before it is written. */
  secret?(value: string): void
}

/**
 * Serialises a value to JSON: as `JSON.stringify`, but a `bigint` is written as digits, a `Secret` as its
 * value, and what JSON cannot hold is an error instead of `null`.
 *
 * @throws EZ_BODY_INVALID for NaN, infinities, cycles, functions, symbols and binary values, with the place
 */
export function serializeJson(value: unknown, place: string, writer: JsonWriter): void {
  const open: object[] = []
  // Where the current value stands; put into words only when somebody asks.
  const keys: (string | number)[] = []
  const here = (): string =>
    keys.reduce<string>(
      (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`),
      place,
    )

  const refuse = (problem: string): EzError => {
    const at = here()
    return new EzError('EZ_BODY_INVALID', `${at}: ${problem}. JSON cannot hold it.`, {
      details: { place: at },
    })
  }

  const visit = (current: unknown): void => {
    switch (typeof current) {
      case 'string':
        if (writer.text) writer.text(current, here)
        else writer.raw(quoteJson(current))
        return
      case 'number':
        if (!Number.isFinite(current)) throw refuse(`the value is ${current}`)
        writer.raw(String(current))
        return
      case 'boolean':
      case 'bigint':
        writer.raw(String(current))
        return
      case 'object':
        if (current === null) writer.raw('null')
        else visitObject(current)
        return
      default:
        throw refuse(`the value is of type ${typeof current}`)
    }
  }

  const visitObject = (current: object): void => {
    if (Secret.isInstance(current)) {
      writer.secret?.(reveal(current))
      writer.raw(quoteJson(reveal(current)))
      return
    }
    if (open.includes(current)) throw refuse('the value holds itself')
    if (open.length === deepest) throw refuse(`the value is nested more than ${deepest} deep`)
    if (ArrayBuffer.isView(current) || current instanceof Map || current instanceof Set)
      throw refuse(`the value is a ${current.constructor.name}`)
    open.push(current)
    const { toJSON } = current as { toJSON?: unknown }
    if (typeof toJSON === 'function') visit(toJSON.call(current))
    else if (Array.isArray(current)) visitArray(current)
    else visitRecord(current as Record<string, unknown>)
    open.pop()
  }

  const visitArray = (current: unknown[]): void => {
    writer.raw('[')
    for (let index = 0; index < current.length; index += 1) {
      if (index > 0) writer.raw(',')
      const item = current[index]
      keys.push(index)
      visit(item === undefined ? null : item)
      keys.pop()
    }
    writer.raw(']')
  }

  const visitRecord = (current: Record<string, unknown>): void => {
    writer.raw('{')
    let first = true
    for (const key of Object.keys(current)) {
      const item = current[key]
      if (item === undefined) continue
      if (!first) writer.raw(',')
      first = false
      if (writer.key) writer.key(key, here)
      else writer.raw(quoteJson(key))
      writer.raw(':')
      keys.push(key)
      visit(item)
      keys.pop()
    }
    writer.raw('}')
  }

  visit(value)
}

/** A value as JSON text. @throws EZ_BODY_INVALID */
export function jsonOf(value: unknown, place: string): string {
  let text = ''
  serializeJson(value, place, {
    raw: (json) => {
      text += json
    },
  })
  return text
}

/**
 * A value as text, as templates write it: strings as they are, objects as JSON, instants in ISO form.
 *
 * `place` names where it stands, for messages. The text of a `Secret` is its value.
 *
 * @throws EZ_BODY_INVALID for what JSON cannot hold
 *
 * @example
 * ```ts
 * import { textOf } from '@ez/core'
 *
 * textOf({ since: new Date(0) }, 'query.filter') // '{"since":"1970-01-01T00:00:00.000Z"}'
 * ```
 */
export function textOf(value: unknown, place: string): string {
  if (typeof value === 'string') return value
  if (Secret.isInstance(value)) return reveal(value)
  if (value instanceof Date) return value.toISOString()
  // Functions and symbols are refused as JSON refuses them; their text would be source code.
  return value === null || value === undefined || Number.isFinite(value)
    ? String(value)
    : jsonOf(value, place)
}
