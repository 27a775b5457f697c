const slices = 8

// Eight tables, so that eight octets are taken at each step (M. Kounavis and F. Berry, "A Systematic Approach to
// Building High Performance Software-based CRC Generators", 2005).
function tablesOf(polynomial: number): Int32Array {
  const tables = new Int32Array(256 * slices)
  for (let octet = 0; octet < 256; octet += 1) {
    let value = octet
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1
    tables[octet] = value
  }
  for (let index = 256; index < tables.length; index += 1) {
    const before = tables[index - 256] as number
    tables[index] = (tables[before & 0xff] as number) ^ (before >>> 8)
  }
  return tables
}

/** Continues a cyclic redundancy check over more bytes; starts from 0. */
export type ContinueCrc32 = (data: Uint8Array, value: number) => number

/** CRC-32 with a reflected polynomial. */
export function createCrc32(polynomial: number): ContinueCrc32 {
  let tables: Int32Array | undefined
  return (data, value) => {
    tables ??= tablesOf(polynomial)
    const table = tables as { readonly [index: number]: number } & Int32Array
    let crc = ~value
    let index = 0
    for (const end = data.length - 7; index < end; index += 8) {
      const low =
        crc ^
        ((data[index] as number) |
          ((data[index + 1] as number) << 8) |
          ((data[index + 2] as number) << 16) |
          ((data[index + 3] as number) << 24))
      crc =
        (table[1792 + (low & 0xff)] as number) ^
        (table[1536 + ((low >>> 8) & 0xff)] as number) ^
        (table[1280 + ((low >>> 16) & 0xff)] as number) ^
        (table[1024 + (low >>> 24)] as number) ^
        (table[768 + (data[index + 4] as number)] as number) ^
        (table[512 + (data[index + 5] as number)] as number) ^
        (table[256 + (data[index + 6] as number)] as number) ^
        (table[data[index + 7] as number] as number)
    }
    for (; index < data.length; index += 1)
      crc = (crc >>> 8) ^ (table[(crc ^ (data[index] as number)) & 0xff] as number)
    return ~crc >>> 0
  }
}
