/** A name and a value as bytes, written as one character per byte so that they can be compared and kept in sets. */
export interface WirePair {
  readonly name: string
  readonly value: string
}

// Apart from the platform's "latin1", which is windows-1252. In parts: a call takes only so many arguments.
const latin1 = (bytes: Uint8Array): string => {
  let text = ''
  for (let start = 0; start < bytes.length; start += 8192)
    text += String.fromCharCode(...bytes.subarray(start, start + 8192))
  return text
}

/** The bytes that a percent-encoded text stands for. */
export function decodePercent(text: string, plusIsSpace: boolean): string {
  return latin1(new TextEncoder().encode(text)).replace(/%[0-9a-f]{2}|\+/gi, (part) => {
    if (part === '+') return plusIsSpace ? ' ' : part
    return String.fromCharCode(Number.parseInt(part.slice(1), 16))
  })
}

/** Pairs of a query or a form body. */
export function readForm(text: string): WirePair[] {
  return text
    .split('&')
    .filter((part) => part.length > 0)
    .map(readPair)
}

/** The protocol parameters of a query or form, and nothing else of it: cheap for a large one. */
export function readProtocol(text: string): WirePair[] {
  return text
    .split('&')
    .filter((part) => /^[o%]/.test(part))
    .map(readPair)
    .filter(isProtocol)
}

/** Whether a parameter is one of the protocol's own. */
export function isProtocol({ name }: WirePair): boolean {
  return name.startsWith('oauth_')
}

function readPair(part: string): WirePair {
  const equals = `${part}=`.indexOf('=')
  return {
    name: decodePercent(part.slice(0, equals), true),
    value: decodePercent(part.slice(equals + 1), true),
  }
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
  return bytes.replace(/[^\w.~-]/g, (character) => {
    const code = character.charCodeAt(0)
    return `%${code.toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** UTF-8 bytes as text; what is not UTF-8 becomes U+FFFD, for showing only. */
export function showBytes(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
}
