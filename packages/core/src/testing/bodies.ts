import { utf8 } from '@ez/core/crypto'

/** Bodies on which signers stumble. */
export const bodySamples: Readonly<Record<string, () => Uint8Array>> = {
  empty: () => new Uint8Array(),
  binary: () => Uint8Array.from({ length: 256 }, (_, byte) => byte),
  'UTF-8': () => utf8('{"city":"Zürich","sign":"✍️","line":"a\u2028b"}'),
  large: () => new Uint8Array(1_048_576).fill(0x5a),
}
