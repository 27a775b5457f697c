/** One element of DER: its tag, the bytes of its content, and where the next one begins. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
  readonly end: number
}

/** The tags that keys are made of (X.690 section 8). */
export const tags = { integer: 0x02, bits: 0x03, octets: 0x04, null: 0x05, identifier: 0x06, sequence: 0x30 }

/** Reads the element at a place; `undefined` when it is cut off. Lengths of up to three bytes, far more than a key's. */
export function readElement(bytes: Uint8Array, start = 0): DerElement | undefined {
  const [tag, first] = [bytes[start], bytes[start + 1]]
  if (tag === undefined || first === undefined) return undefined
  const count = first < 0x80 ? 0 : first - 0x80
  if (count > 3) return undefined
  let length = count === 0 ? first : 0
  for (const byte of bytes.subarray(start + 2, start + 2 + count)) length = length * 256 + byte
  const begin = start + 2 + count
  const end = begin + length
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(begin, end), end }
}

/** The elements of a sequence; `undefined` when one of them is cut off. */
export function readSequence(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = []
  for (let start = 0; start < bytes.length; ) {
    const element = readElement(bytes, start)
    if (!element) return undefined
    elements.push(element)
    start = element.end
  }
  return elements
}

/** Writes an element. */
export function writeElement(tag: number, ...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((total, part) => total + part.length, 0)
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  const bytes = new Uint8Array(1 + size.length + length)
  bytes.set([tag, ...size])
  let position = 1 + size.length
  for (const part of parts) {
    bytes.set(part, position)
    position += part.length
  }
  return bytes
}
