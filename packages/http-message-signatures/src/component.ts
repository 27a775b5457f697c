import { EzError } from '@ez/core'

/** One part of the message that the signature covers. */
export interface Component {
  /** As it stands in the signature base: `"@method"`, `"@query-param";name="id"`. */
  readonly identifier: string
  /** `@method`, `content-type`. */
  readonly name: string
  /** The value of the parameter `name`, of `@query-param`. */
  readonly parameter: string | undefined
  /** Whether the field's bytes are wrapped in base64 (RFC 9421 section 2.1.3). */
  readonly bytes: boolean
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
const serialized = /^"([^"\\]+)"(?:;name="([^"\\]*)"|;(bs))?$/

/**
 * Reads a component as options name it: `@method`, `content-type`, or serialised with a parameter:
 * `"@query-param";name="id"`, `"x-signed";bs`.
 *
 * @throws EZ_OPTION_INVALID
 */
export function parseComponent(text: string): Component {
  if (typeof text !== 'string') throw invalid(typeof text, 'a component is named by a text')
  const plain = !text.startsWith('"')
  const [, name, parameter, bytes] = plain ? [text, text] : (serialized.exec(text) ?? [])
  if (name === undefined)
    throw invalid(text, 'it is no component. Write @method, content-type or "@query-param";name="id"')
  if (name.startsWith('@') ? !derived.includes(name) : !fieldName.test(name))
    throw invalid(text, `it is not known. Name a header in lower case, or one of ${derived.join(', ')}`)
  if ((name === '@query-param') !== (parameter !== undefined))
    throw invalid(text, 'the parameter name belongs to @query-param, and @query-param needs it')
  if (bytes !== undefined && name.startsWith('@')) throw invalid(text, 'bs belongs to headers')
  return {
    identifier: plain ? `"${name}"` : text,
    name,
    parameter,
    bytes: bytes !== undefined,
  }
}

function invalid(text: string, problem: string): EzError {
  return new EzError(
    'EZ_OPTION_INVALID',
    `http-message-signatures: component ${JSON.stringify(text)}: ${problem}.`,
  )
}
