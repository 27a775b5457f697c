// Bit by bit: slow, and nothing like the signer's tables.
const polynomials: Readonly<Record<string, number>> = { crc32: 0xedb88320, crc32c: 0x82f63b78 }

/** A checksum of a trailer that can be followed as the body arrives; `undefined` for one that cannot. */
export function followCrc(
  trailerName: string,
): { update(data: Uint8Array): void; matches(base64: string): boolean } | undefined {
  const polynomial = polynomials[trailerName.replace('x-amz-checksum-', '')]
  if (polynomial === undefined) return undefined
  const table = Array.from({ length: 256 }, (_, octet) => {
    let value = octet
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? polynomial : 0)
    return value
  })
  let state = 0xffffffff
  return {
    update(data) {
      for (const octet of data) state = (state >>> 8) ^ (table[(state ^ octet) & 0xff] as number)
    },
    matches(base64) {
      const value = (state ^ 0xffffffff) >>> 0
      return (
        btoa(String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)) ===
        base64
      )
    },
  }
}
