import { EzError } from '@ez/core'
import { type Item, parseItem, serializeItem } from '@ez/core/structured-fields'

/** One part of the message that the signature covers. */
export interface Component {
  /** As it stands in the signature base: `"@method"`, `"@query-param";name="id"`. */
  readonly identifier: string
  /** `@method`, `content-type`. */
  readonly name: string
  /** The value of the parameter `name`, of `@query-param`. */
  readonly parameter: string | undefined
  /** Whether the field's bytes are wrapped in base64: `bs` (RFC 9421 section 2.1.3). */
  readonly bytes: boolean
  /** Whether the field is written anew as a structured field: `sf` (section 2.1.1). */
  readonly strict: boolean
  /** The member of a dictionary that is covered: `key` (section 2.1.2). */
  readonly key: string | undefined
}

// RFC 9421 section 2.2, those of requests.
const derived = [
  '@method',
  '@target-uri',
  '@authority',
  '@scheme',
  '@request-target',
  '@path',
  '@query',
  '@query-param',
]

const fieldName = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/

/**
 * Reads a component as options name it: `@method`, `content-type`, or serialised with parameters:
 * `"@query-param";name="id"`, `"x-signed";bs`, `"priority";sf`, `"signature-agent";key="agent"`.
 *
 * @throws EZ_OPTION_INVALID
 */
export function parseComponent(text: string): Component {
  if (typeof text !== 'string') throw invalid(typeof text, 'a component is named by a text')
  const item = text.startsWith('"')
    ? itemOf(text)
    : { value: { type: 'string', value: text } as const, parameters: new Map() }
  const name = item?.value.type === 'string' ? item.value.value : undefined
  if (item === undefined || name === undefined || name === '')
    throw invalid(text, 'it is no component. Write @method, content-type or "@query-param";name="id"')
  if (name.startsWith('@') ? !derived.includes(name) : !fieldName.test(name))
    throw invalid(text, `it is not known. Name a header in lower case, or one of ${derived.join(', ')}`)
  return { identifier: serializeItem(item), name, ...parametersOf(text, name, item.parameters) }
}

function itemOf(text: string): Item | undefined {
  try {
    return parseItem(text, { refuseDuplicates: true })
  } catch {
    return undefined
  }
}

function parametersOf(
  text: string,
  name: string,
  parameters: Item['parameters'],
): Omit<Component, 'identifier' | 'name'> {
  const flag = (wanted: string): boolean => {
    const value = parameters.get(wanted)
    return value?.type === 'boolean' && value.value
  }
  const string = (wanted: string): string | undefined => {
    const value = parameters.get(wanted)
    return value?.type === 'string' ? value.value : undefined
  }
  const [bytes, strict, key, parameter] = [flag('bs'), flag('sf'), string('key'), string('name')]
  const known = Number(bytes) + Number(strict) + Number(key !== undefined) + Number(parameter !== undefined)
  if (known !== parameters.size)
    throw invalid(text, 'of parameters, sf, bs, key="…" and name="…" are known here')
  if ((name === '@query-param') !== (parameter !== undefined))
    throw invalid(text, 'the parameter name belongs to @query-param, and @query-param needs it')
  if (name.startsWith('@') && (bytes || strict || key !== undefined))
    throw invalid(text, 'bs, sf and key belong to headers')
  if (bytes && (strict || key !== undefined)) throw invalid(text, 'bs does not go with sf or key')
  return { parameter, bytes, strict, key }
}

function invalid(text: string, problem: string): EzError {
  return new EzError(
    'EZ_OPTION_INVALID',
    `http-message-signatures: component ${JSON.stringify(text)}: ${problem}.`,
  )
}
