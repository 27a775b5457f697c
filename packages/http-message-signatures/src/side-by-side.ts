import { EzError, headerOf, type Pairs } from '@ez/core'
import { type Dictionary, parseDictionary, serializeDictionary } from '@ez/core/structured-fields'

/**
 * The headers of a signature beside those that the message has already (RFC 9421 section 4.3). The one under the same
 * label is replaced when it was made with the same key: the message is signed again.
 *
 * @throws EZ_WRITE_CONFLICT when the label belongs to a signature by another key
 */
export function besideOthers(
  headers: Pairs,
  label: string,
  keyId: string | undefined,
  parameters: string,
  signature: string,
): Record<'signature-input' | 'signature', string> {
  const inputs = othersOf('signature-input', headerOf(headers, 'signature-input'))
  const signatures = othersOf('signature', headerOf(headers, 'signature'))
  const known = inputs.get(label)?.parameters.get('keyid')
  if (inputs.has(label) && (known?.type === 'string' ? known.value : undefined) !== keyId)
    throw new EzError(
      'EZ_WRITE_CONFLICT',
      `http-message-signatures: the message has a signature "${label}" by another key. Give another label.`,
    )
  return {
    'signature-input': joined(inputs, label, parameters),
    signature: joined(signatures, label, `:${signature}:`),
  }
}

function othersOf(name: string, value: string | undefined): Dictionary {
  try {
    return parseDictionary(value ?? '')
  } catch {
    throw new EzError(
      'EZ_WRITE_CONFLICT',
      `http-message-signatures: the message has a header ${name} that is no dictionary. Remove it.`,
    )
  }
}

function joined(members: Dictionary, label: string, own: string): string {
  const others = serializeDictionary(new Map([...members].filter(([key]) => key !== label)))
  return [...(others === '' ? [] : [others]), `${label}=${own}`].join(', ')
}
