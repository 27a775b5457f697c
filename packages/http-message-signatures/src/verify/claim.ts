import type { ReceivedRequest } from '@ez/core/received'
import {
  type Dictionary,
  type Item,
  parseDictionary,
  serializeInnerList,
  serializeItem,
} from '@ez/core/structured-fields'
import { refusal } from './refusal.ts'

/** A component that the signature covers. */
export interface ClaimedComponent {
  /** As it stands in the signature base: `"@method"`, `"@query-param";name="id"`. */
  readonly identifier: string
  readonly name: string
  readonly parameters: Item['parameters']
}

/** What a signature says of itself. */
export interface Claim {
  readonly label: string
  readonly components: readonly ClaimedComponent[]
  /** `("@method");created=1`, as RFC 9421 section 2.3 has it written: it is part of what was signed. */
  readonly parameters: string
  readonly values: ReadonlyMap<string, string | number | undefined>
  readonly signature: Uint8Array<ArrayBuffer>
}

/**
 * Reads the signature of a label, or the only one.
 *
 * Source: RFC 9421 sections 4.1 and 4.2; RFC 9651.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS
 */
export function readClaim(received: Pick<ReceivedRequest, 'values'>, wanted: string | undefined): Claim {
  const inputs = dictionaryOf(received, 'signature-input')
  const signatures = dictionaryOf(received, 'signature')
  if (inputs.size === 0 || signatures.size === 0)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no signature, or no signature-input.')
  if (wanted === undefined && inputs.size > 1)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'there is more than one signature. Give the label.')
  const label = wanted ?? ([...inputs.keys()][0] as string)
  const [input, signed] = [inputs.get(label), signatures.get(label)]
  if (!input || !signed)
    throw refusal('EZ_AUTHORIZATION_MISSING', `there is no signature ${label}, or no input for it.`)
  if (!('items' in input))
    throw refusal('EZ_AUTHORIZATION_INVALID', `the input of ${label} is no list of components.`)
  if ('items' in signed || signed.value.type !== 'byte-sequence')
    throw refusal('EZ_AUTHORIZATION_INVALID', `the signature ${label} is no byte sequence.`)
  const components = input.items.map(componentOf)
  if (new Set(components.map(({ identifier }) => identifier)).size !== components.length)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'a component stands twice in signature-input.')
  const values = new Map(
    [...input.parameters].map(([name, { type, value }]) => [
      name,
      type === 'string' || type === 'integer' ? value : undefined,
    ]),
  )
  const signature = Uint8Array.from(signed.value.value)
  return { label, components, parameters: serializeInnerList(input), values, signature }
}

function componentOf(item: Item): ClaimedComponent {
  if (item.value.type !== 'string')
    throw refusal('EZ_AUTHORIZATION_INVALID', 'a component in signature-input is no string.')
  return { identifier: serializeItem(item), name: item.value.value, parameters: item.parameters }
}

function dictionaryOf(received: Pick<ReceivedRequest, 'values'>, name: string): Dictionary {
  const text = received.values(name).join(', ')
  let dictionary: Dictionary
  try {
    dictionary = parseDictionary(text)
  } catch {
    throw refusal('EZ_AUTHORIZATION_INVALID', `the header ${name} cannot be read.`)
  }
  try {
    return parseDictionary(text, { refuseDuplicates: true })
  } catch {
    throw refusal(
      'EZ_AUTHORIZATION_AMBIGUOUS',
      `${name} has a member or a parameter twice, ${dictionary.size} members in all.`,
    )
  }
}
