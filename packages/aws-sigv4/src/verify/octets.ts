// The verifier's own percent-encoding: octet by octet, with nothing of the signer's.
import { bytesOf } from './digest.ts'

/** What each octet is in canonical form. */
const encoded: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, octet) => {
  const character = String.fromCharCode(octet)
  return /[A-Za-z0-9._~-]/.test(character)
    ? character
    : `%${octet.toString(16).toUpperCase().padStart(2, '0')}`
})

/** The octets that a percent-encoded text stands for. A raw `+` is itself. */
export function decodeOctets(text: string): Uint8Array {
  const source = bytesOf(text)
  const octets = new Uint8Array(source.length)
  let length = 0
  for (let index = 0; index < source.length; index += 1) {
    const high = source[index] === 0x25 ? digitOf(source[index + 1]) : -1
    const low = high < 0 ? -1 : digitOf(source[index + 2])
    octets[length] = low < 0 ? (source[index] as number) : high * 16 + low
    if (low >= 0) index += 2
    length += 1
  }
  return octets.subarray(0, length)
}

function digitOf(code: number | undefined): number {
  if (code === undefined) return -1
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = (code | 0x20) - 0x61
  return letter >= 0 && letter < 6 && code > 0x40 ? letter + 10 : -1
}

/** Octets in canonical form: upper-case triplets for all but the unreserved characters. */
export function encodeOctets(octets: Uint8Array, keepSlash: boolean): string {
  const parts: string[] = []
  for (const octet of octets) parts.push(keepSlash && octet === 0x2f ? '/' : (encoded[octet] as string))
  return parts.join('')
}

/** The text of a name or a value in a query, for reading; what is not UTF-8 becomes U+FFFD. */
export function textOfOctets(text: string): string {
  return new TextDecoder().decode(decodeOctets(text.replaceAll('+', ' ')))
}
