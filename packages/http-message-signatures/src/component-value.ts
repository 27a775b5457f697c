import { EzError, type Pairs } from '@ez/core'
import { toBase64, utf8 } from '@ez/core/crypto'
import {
  parseDictionary,
  parseItem,
  parseList,
  serializeDictionary,
  serializeItem,
  serializeList,
  serializeMember,
} from '@ez/core/structured-fields'
import type { Component } from './component.ts'
import { type FieldTypes, knownFieldTypes } from './field-type.ts'

/** The message whose parts are signed: a request in wire form. */
export interface Message {
  /** As it is sent, in upper case. */
  readonly method: string
  /** Absolute, percent-encoded, with the query. */
  readonly url: string
  /** Pairs; names in any case. */
  readonly headers: Pairs
  /** Types of structured fields that are not known here, for `sf`. */
  readonly fieldTypes?: FieldTypes | undefined
}

/**
 * The value of a component, one line.
 *
 * Source: RFC 9421 section 2.
 *
 * @throws EZ_COMPONENT_MISSING when the message does not have it
 */
export function componentValue(component: Component, message: Message): string {
  const { name } = component
  if (!name.startsWith('@')) return fieldValue(component, message)
  const [, scheme = '', authority = '', path = '', query] =
    /^([^:]+):\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(message.url) ?? []
  switch (name) {
    case '@method':
      return message.method
    case '@target-uri':
      return message.url
    case '@authority':
      return authority
    case '@scheme':
      return scheme
    case '@path':
      return path || '/'
    case '@query':
      return `?${query ?? ''}`
    case '@request-target':
      return `${path || '/'}${query === undefined ? '' : `?${query}`}`
    default:
      return queryParameter(component.parameter ?? '', query ?? '')
  }
}

function fieldValue(component: Component, { headers, fieldTypes }: Message): string {
  const { name, bytes, strict, key } = component
  const values = headers.filter(([known]) => known === name).map(([, value]) => value.trim())
  if (values.length === 0) throw missing(`the header ${name}`)
  if (bytes) return values.map((value) => `:${toBase64(utf8(value))}:`).join(', ')
  if (key !== undefined) {
    const member = structured(name, () => parseDictionary(values.join(', ')).get(key))
    if (!member) throw missing(`the member ${key} of the header ${name}`)
    return serializeMember(member)
  }
  if (strict) return strictly(name, values.join(', '), fieldTypes)
  // Line folding becomes one space (section 2.1, step 3).
  return values.map(unfolded).join(', ')
}

// Line by line: an expression for the spaces around a line end would try each of thousands of blanks.
function unfolded(value: string): string {
  if (!value.includes('\n')) return value
  return value
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
}

/** A field written anew by the rules of its type (section 2.1.1). */
function strictly(name: string, value: string, fieldTypes: FieldTypes = {}): string {
  const type = fieldTypes[name] ?? knownFieldTypes[name]
  if (type === undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `http-message-signatures: whether the header ${name} is an item, a list or a dictionary is not known. Say so in fieldTypes.`,
    )
  return structured(name, () => {
    if (type === 'item') return serializeItem(parseItem(value))
    return type === 'list' ? serializeList(parseList(value)) : serializeDictionary(parseDictionary(value))
  })
}

function structured<Value>(name: string, read: () => Value): Value {
  try {
    return read()
  } catch {
    throw missing(`a structured field in the header ${name}`)
  }
}

// Section 2.2.8: decoded as a form is, and encoded anew; the name likewise.
function queryParameter(name: string, query: string): string {
  const values = [...new URLSearchParams(query)].filter(([key]) => encodeFormValue(key) === name)
  if (values.length !== 1) throw missing(`the query parameter ${name}, exactly once`)
  return encodeFormValue((values[0] as [string, string])[1])
}

/** The percent-encode set of forms, with `%20` for a space (RFC 9421 section 2.2.8). */
export function encodeFormValue(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function missing(what: string): EzError {
  return new EzError(
    'EZ_COMPONENT_MISSING',
    `http-message-signatures: the message does not have ${what}. Add it, or take it out of components.`,
  )
}
