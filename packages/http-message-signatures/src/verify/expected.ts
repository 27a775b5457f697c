import { EzError } from '@ez/core'
import { toBase64 } from '@ez/core/crypto'
import type { ReceivedRequest } from '@ez/core/received'
import {
  type Dictionary,
  parseDictionary,
  parseItem,
  parseList,
  serializeDictionary,
  serializeItem,
  serializeList,
  serializeMember,
} from '@ez/core/structured-fields'
import { type FieldType, type FieldTypes, knownFieldTypes } from '../field-type.ts'
import type { Claim, ClaimedComponent } from './claim.ts'
import { refusal } from './refusal.ts'

/** The signature base as the received message gives it; written apart from the signer's. */
export function expectedBase(
  { components, parameters }: Claim,
  readValue: (component: ClaimedComponent) => string,
): string {
  const lines = components.map((component) => `${component.identifier}: ${readValue(component)}\n`)
  return `${lines.join('')}"@signature-params": ${parameters}`
}

/** The components of a received request; its query is read once, however many of its parameters are covered. */
export class RequestValues {
  readonly #received: ReceivedRequest
  readonly #url: URL
  readonly #fields: Fields
  #query: ReadonlyMap<string, readonly string[]> | undefined

  constructor(received: ReceivedRequest, url: URL, fieldTypes: FieldTypes) {
    this.#received = received
    this.#url = url
    this.#fields = new Fields(received, fieldTypes)
  }

  /** @throws EZ_AUTHORIZATION_INVALID for what the request does not have */
  valueOf(component: ClaimedComponent): string {
    const { name, parameters } = component
    if (!name.startsWith('@')) return this.#fields.valueOf(component)
    if (name === '@query-param') return this.#parameter(component)
    const url = this.#url
    const known: Readonly<Record<string, string>> = {
      '@method': this.#received.method,
      '@target-uri': url.href.replace(/#.*$/s, ''),
      '@authority': url.host,
      '@scheme': url.protocol.slice(0, -1),
      '@request-target': url.pathname + url.search,
      '@path': url.pathname,
      '@query': url.search === '' ? '?' : url.search,
    }
    if (parameters.size === 0 && Object.hasOwn(known, name)) return known[name] as string
    throw unusable(component)
  }

  #parameter(component: ClaimedComponent): string {
    this.#query ??= queryOf(this.#url)
    const wanted = component.parameters.get('name')
    const isKnown = wanted?.type === 'string' && component.parameters.size === 1
    const [value, another] = (isKnown && this.#query.get(wanted.value)) || []
    if (value === undefined || another !== undefined) throw unusable(component)
    return value
  }
}

/** The headers of a message as components; a dictionary is read once, however many of its members are covered. */
export class Fields {
  readonly #received: ReceivedRequest
  readonly #types: FieldTypes
  readonly #dictionaries = new Map<string, Dictionary>()

  constructor(received: ReceivedRequest, types: FieldTypes) {
    this.#received = received
    this.#types = types
  }

  valueOf(component: ClaimedComponent): string {
    const { name, parameters } = component
    const [[parameter, value] = ['', undefined], another] = [...parameters]
    const isFlag = value?.type === 'boolean' && value.value
    // `sf` beside `key` says what a member of a dictionary is anyway.
    const key = parameters.get('key')
    if (key?.type === 'string' && [...parameters.keys()].every((one) => one === 'key' || one === 'sf')) {
      const member = this.#dictionary(component).get(key.value)
      if (member) return serializeMember(member)
      throw unusable(component)
    }
    const values = this.#values(component)
    if (another !== undefined) throw unusable(component)
    if (parameter === '') return values.map(unfolded).join(', ')
    if (parameter === 'bs' && isFlag)
      return values.map((text) => `:${toBase64(new TextEncoder().encode(text))}:`).join(', ')
    const type = this.#types[name] ?? knownFieldTypes[name]
    if (parameter !== 'sf' || !isFlag || type === undefined) throw unusable(component)
    return strictly(component, type, values.join(', '))
  }

  #values(component: ClaimedComponent): readonly string[] {
    const values = this.#received.values(component.name)
    if (values.length === 0) throw unusable(component)
    return values.map((value) => value.trim())
  }

  #dictionary(component: ClaimedComponent): Dictionary {
    let dictionary = this.#dictionaries.get(component.name)
    if (!dictionary) {
      dictionary = reading(component, () => parseDictionary(this.#values(component).join(', ')))
      this.#dictionaries.set(component.name, dictionary)
    }
    return dictionary
  }
}

// Line folding becomes one space, without an expression that would try each of thousands of blanks.
const unfolded = (text: string): string =>
  text.includes('\n')
    ? text
        .split('\n')
        .map((line) => line.trim())
        .join(' ')
    : text

const strictly = (component: ClaimedComponent, type: FieldType, text: string): string =>
  reading(component, () => {
    if (type === 'item') return serializeItem(parseItem(text))
    return type === 'list' ? serializeList(parseList(text)) : serializeDictionary(parseDictionary(text))
  })

function reading<Value>(component: ClaimedComponent, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (EzError.isInstance(error)) throw error
    throw unusable(component)
  }
}

/** The refusal of a component that the message does not have. */
export function unusable({ identifier }: ClaimedComponent): Error {
  return refusal(
    'EZ_AUTHORIZATION_INVALID',
    `the component ${identifier} is not in the message, or not known.`,
  )
}

/** Every parameter of the query, encoded as a component's name and value are (RFC 9421 section 2.2.8). */
function queryOf(url: URL): ReadonlyMap<string, readonly string[]> {
  const query = new Map<string, string[]>()
  for (const [name, value] of url.searchParams) {
    const key = form(name)
    const known = query.get(key)
    if (known) known.push(form(value))
    else query.set(key, [form(value)])
  }
  return query
}

// URLSearchParams writes forms; only the space differs.
function form(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('+', '%20')
}
