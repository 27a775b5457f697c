import { EzError } from '../base/error.ts'
import { isThenable } from '../base/promises.ts'
import { reveal, Secret } from '../base/secret.ts'

const deepest = 1000
// Quotes, backslashes, controls and surrogates need JSON.stringify; nothing else does.
const needsEscape = /["\\\u0000-\u001f\ud800-\udfff]/

/** A JSON text, without its quotes. */
export function escapeJson(text: string): string {
  return needsEscape.test(text) ? JSON.stringify(text).slice(1, -1) : text
}

/** A JSON text, with quotes. */
export function quoteJson(text: string): string {
  return `"${escapeJson(text)}"`
}

/** Where JSON goes. */
export interface JsonWriter {
  /** JSON text, ready. */
  raw(json: string): void
  /** A string, to be written with its quotes. */
  string(text: string, place: string, isKey: boolean): void
  /** Told each secret before it is written. */
  secret?(value: Secret): void
}

/**
 * Serialises a value to JSON: as `JSON.stringify`, but a `bigint` is written as digits, a `Secret` as its
 * value, and what JSON cannot hold is an error instead of `null`.
 *
 * @throws EZ_BODY_INVALID for NaN, infinities, cycles, functions, symbols, promises and binary values, with the place
 */
export function serializeJson(value: unknown, place: string, writer: JsonWriter): void {
  const ancestors: object[] = []
  const visit = (current: unknown, place: string): void => {
    if (typeof current === 'string') writer.string(current, place, false)
    else if (Secret.isInstance(current)) {
      writer.secret?.(current)
      writer.raw(quoteJson(reveal(current)))
    } else if (typeof current === 'object' && current !== null) visitObject(current, place)
    else if (
      current === null ||
      typeof current === 'boolean' ||
      typeof current === 'bigint' ||
      Number.isFinite(current)
    )
      writer.raw(String(current))
    else throw refused(place, `is ${typeof current === 'number' ? current : `of type ${typeof current}`}`)
  }
  const visitObject = (current: object, place: string): void => {
    if (ancestors.includes(current)) throw refused(place, 'holds itself')
    if (ancestors.length === deepest) throw refused(place, `is nested more than ${deepest} deep`)
    if (isThenable(current)) throw refused(place, 'is a promise: await it')
    if (
      ArrayBuffer.isView(current) ||
      current instanceof ArrayBuffer ||
      current instanceof Map ||
      current instanceof Set
    )
      throw refused(place, `is a ${current.constructor.name}`)
    if (current instanceof Date && Number.isNaN(current.getTime())) throw refused(place, 'is an invalid date')
    ancestors.push(current)
    const { toJSON } = current as { toJSON?: unknown }
    let separator = ''
    if (typeof toJSON === 'function') visit(toJSON.call(current), place)
    else if (Array.isArray(current)) {
      writer.raw('[')
      // Not forEach, which leaves holes out.
      for (const [index, item] of current.entries()) {
        writer.raw(separator)
        visit(item === undefined ? null : item, `${place}[${index}]`)
        separator = ','
      }
      writer.raw(']')
    } else {
      writer.raw('{')
      for (const [key, item] of Object.entries(current)) {
        if (item === undefined) continue
        writer.raw(separator)
        writer.string(key, place, true)
        writer.raw(':')
        visit(item, `${place}.${key}`)
        separator = ','
      }
      writer.raw('}')
    }
    ancestors.pop()
  }
  visit(value, place)
}

const refused = (place: string, problem: string): EzError =>
  new EzError('EZ_BODY_INVALID', `${place}: the value ${problem}. JSON cannot hold it.`, {
    details: { place },
  })

const list = /* @__PURE__ */ Symbol()
const record = /* @__PURE__ */ Symbol()
const end = /* @__PURE__ */ Symbol()

/**
 * Walks through what `JSON.stringify` writes as `serializeJson` does: plain records, lists, texts, finite numbers.
 *
 * Gives each key and leaf to `check` in order, and where lists and records begin and end; `false` as soon as
 * `check` says so, and for anything else.
 */
export function everyPlain(value: unknown, check: (item: unknown) => boolean, depth = 0): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || Number.isFinite(value))
    return check(value)
  if (typeof value !== 'object' || depth > 100) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Array.prototype) {
    if (!check(list)) return false
    for (const item of value as unknown[]) if (!everyPlain(item, check, depth + 1)) return false
  } else {
    if (prototype !== Object.prototype || !check(record)) return false
    for (const key in value)
      if (!check(key) || !everyPlain((value as Record<string, unknown>)[key], check, depth + 1)) return false
  }
  return check(end)
}

/** The text of a value that `JSON.stringify` writes well, else `undefined`. */
export function plainJson(value: unknown): string | undefined {
  return everyPlain(value, () => true) ? JSON.stringify(value) : undefined
}

/** A value as JSON text. @throws EZ_BODY_INVALID */
export function jsonOf(value: unknown, place: string): string {
  if (typeof value === 'string') return quoteJson(value)
  const plain = plainJson(value)
  if (plain !== undefined) return plain
  let text = ''
  const raw = (json: string): void => {
    text += json
  }
  serializeJson(value, place, { raw, string: (string) => raw(quoteJson(string)) })
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
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  // Functions and symbols are refused as JSON refuses them; their text would be source code.
  return value === null || value === undefined || Number.isFinite(value)
    ? String(value)
    : jsonOf(value, place)
}
