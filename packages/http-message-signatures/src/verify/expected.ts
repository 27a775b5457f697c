import { toBase64 } from '@ez/core/crypto'
import type { ReceivedRequest } from '@ez/core/received'
import {
  type Member,
  parseDictionary,
  parseItem,
  parseList,
  serializeDictionary,
  serializeItem,
  serializeList,
  serializeMember,
} from '@ez/core/structured-fields'
import { type FieldTypes, knownFieldTypes } from '../field-type.ts'
import type { Claim, ClaimedComponent } from './claim.ts'
import { refusal } from './refusal.ts'

/** The signature base as the received request gives it; written apart from the signer's. */
export function expectedBase(
  { components, parameters }: Claim,
  received: ReceivedRequest,
  url: URL,
  fieldTypes: FieldTypes,
): string {
  let query: ReadonlyMap<string, readonly string[]> | undefined
  const lines = components.map((component) => {
    const { identifier, name, parameters: own } = component
    if (name !== '@query-param')
      return `${identifier}: ${valueOfComponent(component, received, url, fieldTypes)}\n`
    query ??= queryOf(url)
    const wanted = own.get('name')
    const values = wanted?.type === 'string' && own.size === 1 ? query.get(wanted.value) : undefined
    if (values?.length !== 1) throw unusable(component)
    return `${identifier}: ${values[0]}\n`
  })
  return `${lines.join('')}"@signature-params": ${parameters}`
}

function valueOfComponent(
  component: ClaimedComponent,
  received: ReceivedRequest,
  url: URL,
  types: FieldTypes,
): string {
  const { name, parameters } = component
  if (!name.startsWith('@')) return fieldOf(component, received, types)
  if (parameters.size > 0) throw unusable(component)
  const known: Readonly<Record<string, string>> = {
    '@method': received.method,
    '@target-uri': url.href.replace(/#.*$/s, ''),
    '@authority': url.host,
    '@scheme': url.protocol.slice(0, -1),
    '@request-target': url.pathname + url.search,
    '@path': url.pathname,
    '@query': url.search === '' ? '?' : url.search,
  }
  if (Object.hasOwn(known, name)) return known[name] as string
  throw unusable(component)
}

function fieldOf(component: ClaimedComponent, received: ReceivedRequest, types: FieldTypes): string {
  const { name, parameters } = component
  const values = received.values(name).map((value) => value.trim())
  if (values.length === 0) throw unusable(component)
  const [[parameter, value] = ['', undefined], another] = [...parameters]
  const isFlag = value?.type === 'boolean' && value.value
  const whole = values.join(', ')
  // `sf` beside `key` says what a member of a dictionary is anyway.
  const key = parameters.get('key')
  const isMember =
    key?.type === 'string' && [...parameters.keys()].every((one) => one === 'key' || one === 'sf')
  if (isMember) {
    const member = memberOf(component, whole, key.value)
    if (member) return serializeMember(member)
    throw unusable(component)
  }
  if (another !== undefined) throw unusable(component)
  if (parameter === '') return values.map((text) => text.replaceAll(/\s*\r?\n\s+/g, ' ')).join(', ')
  if (parameter === 'bs' && isFlag)
    return values.map((text) => `:${toBase64(new TextEncoder().encode(text))}:`).join(', ')
  const type = types[name] ?? knownFieldTypes[name]
  if (parameter !== 'sf' || !isFlag || type === undefined) throw unusable(component)
  try {
    if (type === 'item') return serializeItem(parseItem(whole))
    return type === 'list' ? serializeList(parseList(whole)) : serializeDictionary(parseDictionary(whole))
  } catch {
    throw unusable(component)
  }
}

function memberOf(component: ClaimedComponent, text: string, key: string): Member | undefined {
  try {
    return parseDictionary(text).get(key)
  } catch {
    throw unusable(component)
  }
}

function unusable({ identifier }: ClaimedComponent): Error {
  return refusal(
    'EZ_AUTHORIZATION_INVALID',
    `the component ${identifier} is not in the request, or not known.`,
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
