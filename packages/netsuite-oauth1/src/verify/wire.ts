/** A name and a value as bytes, written as one character per byte so that they can be compared and kept in sets. */
export interface WirePair {
  readonly name: string
  readonly value: string
}

const latin1 = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** The bytes that a percent-encoded text stands for. */
export function decodePercent(text: string, plusIsSpace: boolean): string {
  const source = latin1(new TextEncoder().encode(text))
  let decoded = ''
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charAt(index)
    const hex = source.slice(index + 1, index + 3)
    if (character === '%' && /^[0-9a-f]{2}$/i.test(hex)) {
      decoded += String.fromCharCode(Number.parseInt(hex, 16))
      index += 2
    } else decoded += character === '+' && plusIsSpace ? ' ' : character
  }
  return decoded
}

/** Pairs of a query or a form body. */
export function readForm(text: string): WirePair[] {
  return text
    .split('&')
    .filter((part) => part.length > 0)
    .map((part) => {
      const [name = '', ...rest] = part.split('=')
      return { name: decodePercent(name, true), value: decodePercent(rest.join('='), true) }
    })
}

/** Pairs of an `Authorization: OAuth …` value; `undefined` when it is of another scheme or not well-formed. */
export function readAuthorization(header: string): WirePair[] | undefined {
  const scheme = /^\s*OAuth\s+/i.exec(header)
  if (!scheme) return undefined
  const pairs: WirePair[] = []
  const parameter = /([^\s=",]+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/y
  parameter.lastIndex = scheme[0].length
  while (parameter.lastIndex < header.length) {
    const match = parameter.exec(header)
    if (!match) return undefined
    const [, name = '', quoted = ''] = match
    const value = quoted.replace(/\\(.)/g, '$1')
    // The realm is a plain quoted string; everything else is percent-encoded (RFC 5849 section 3.5.1).
    if (name.toLowerCase() === 'realm') pairs.push({ name: 'realm', value })
    else pairs.push({ name: decodePercent(name, false), value: decodePercent(value, false) })
  }
  return pairs
}

/** Bytes in RFC 3986 form. */
export function encodeBytes(bytes: string): string {
  let encoded = ''
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes.charCodeAt(index)
    const character = bytes.charAt(index)
    encoded += /[\w.~-]/.test(character) ? character : `%${code.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

/** UTF-8 bytes as text; what is not UTF-8 becomes U+FFFD, for showing only. */
export function showBytes(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
}
