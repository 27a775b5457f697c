import type { Component } from './component.ts'
import { componentValue, type Message } from './component-value.ts'

/** The parameters of a signature, in the order in which they are written. */
export interface SignatureParameters {
  /** Seconds since 1970. */
  readonly created?: number
  /** Names the key. */
  readonly keyid?: string
  /** Name of the algorithm, such as `ed25519`. */
  readonly alg?: string
  /** Seconds since 1970. */
  readonly expires?: number
  /** A text that is used once. */
  readonly nonce?: string
  /** Names the application, such as `web-bot-auth`. */
  readonly tag?: string
}

const order = ['created', 'keyid', 'alg', 'expires', 'nonce', 'tag'] as const

/** The value of `@signature-params`: the covered components and the parameters (RFC 9421 section 2.3). */
export function createSignatureParameters(
  components: readonly Component[],
  parameters: SignatureParameters,
): string {
  const list = `(${components.map(({ identifier }) => identifier).join(' ')})`
  return order.reduce((text, name) => {
    const value = parameters[name]
    if (value === undefined) return text
    return `${text};${name}=${typeof value === 'number' ? value : quote(value)}`
  }, list)
}

/**
 * The text that is signed: a line for each component, and the parameters last.
 *
 * Source: RFC 9421 section 2.5.
 *
 * @throws EZ_COMPONENT_MISSING
 */
export function createSignatureBase(
  message: Message,
  components: readonly Component[],
  signatureParameters: string,
): string {
  const lines = components.map(
    (component) => `${component.identifier}: ${componentValue(component, message)}`,
  )
  return [...lines, `"@signature-params": ${signatureParameters}`].join('\n')
}

// A string of RFC 8941 section 3.3.3; options.ts lets printable ASCII pass.
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
