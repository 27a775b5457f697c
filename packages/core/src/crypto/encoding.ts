import { EzError } from '../base/error.ts'

// Bytes of memory of their own: `Uint8Array<ArrayBuffer>` from TypeScript 5.7 on, which has names for the difference.
type Bytes = ReturnType<TextEncoder['encode']>

const encoder = /* @__PURE__ */ new TextEncoder()
const unreserved = /^[A-Za-z0-9\-._~]*$/
const leftByEncodeUriComponent = /[!'()*]/g

/**
 * Percent-encodes everything but the unreserved characters `A-Z a-z 0-9 - . _ ~`, in upper-case hex.
 *
 * Source: RFC 3986 sections 2.1 and 2.3; RFC 5849 section 3.6.
 *
 * @throws EZ_TEXT_INVALID for half of a surrogate pair, which UTF-8 cannot hold
 *
 * @example
 * ```ts
 * import { encodeRfc3986 } from '@ez/core/crypto'
 *
 * encodeRfc3986("it's a+b") // 'it%27s%20a%2Bb'
 * ```
 */
export function encodeRfc3986(text: string): string {
  if (unreserved.test(text)) return text
  return encodeURIComponent(wellFormed(text)).replace(
    leftByEncodeUriComponent,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

// An encoder writes U+FFFD for it, and so makes different secrets the same.
function wellFormed(text: string): string {
  if (text.isWellFormed()) return text
  throw new EzError(
    'EZ_TEXT_INVALID',
    'A text holds half of a surrogate pair, which UTF-8 cannot hold. Remove it.',
  )
}

/**
 * Gives back what is to be hashed. Without a look at it, an `ArrayBuffer` would be a key without a byte, and so would
 * everything else that has no length.
 *
 * @throws EZ_TEXT_INVALID for half of a surrogate pair
 * @throws EZ_OPTION_INVALID for what is neither a text nor bytes
 */
export function hashable<Data extends string | Uint8Array>(data: Data): Data {
  if (typeof data === 'string') wellFormed(data)
  else if (!(data instanceof Uint8Array))
    throw new EzError('EZ_OPTION_INVALID', 'What is hashed, and its key, must be a string or a Uint8Array.')
  return data
}

/**
 * The UTF-8 bytes of a text.
 *
 * @throws EZ_TEXT_INVALID for half of a surrogate pair, which UTF-8 cannot hold
 *
 * @example
 * ```ts
 * import { utf8 } from '@ez/core/crypto'
 *
 * utf8('ü').length // 2
 * ```
 */
export function utf8(text: string): Bytes {
  return encoder.encode(wellFormed(text))
}

const hexDigits: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

/**
 * Lower-case hex.
 *
 * @example
 * ```ts
 * import { toHex } from '@ez/core/crypto'
 *
 * toHex(new Uint8Array([1, 255])) // '01ff'
 * ```
 */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexDigits[byte]
  return text
}

/**
 * Standard base64 with padding (RFC 4648 section 4).
 *
 * @example
 * ```ts
 * import { toBase64 } from '@ez/core/crypto'
 *
 * toBase64(new Uint8Array([1, 255])) // 'Af8='
 * ```
 */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 8192)
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192))
  return btoa(binary)
}

// Looks for what does not belong: a pattern of the whole would need a stack as long as the text.
const notBase64 = /[^A-Za-z0-9+/=]|=(?!=?$)/

/**
 * The bytes of a standard base64 text with padding; `undefined` when it is not one.
 *
 * @example
 * ```ts
 * import { fromBase64 } from '@ez/core/crypto'
 *
 * fromBase64('Af8=') // Uint8Array [1, 255]
 * fromBase64('no base64') // undefined
 * ```
 */
export function fromBase64(text: string): Bytes | undefined {
  if (text.length % 4 !== 0 || notBase64.test(text)) return undefined
  const binary = atob(text)
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}

/**
 * Whether two texts are equal, in a time that depends on their lengths only.
 *
 * @example
 * ```ts
 * import { equalInConstantTime } from '@ez/core/crypto'
 *
 * equalInConstantTime('expected', 'received') // false
 * ```
 */
export function equalInConstantTime(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  const length = Math.max(left.length, right.length)
  for (let index = 0; index < length; index += 1)
    difference |= (left.charCodeAt(index) | 0) ^ (right.charCodeAt(index) | 0)
  return difference === 0
}
