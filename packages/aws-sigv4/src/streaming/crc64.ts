import type { RunningChecksum } from './modes.ts'

const slices = 8

interface Tables {
  readonly highs: Int32Array
  readonly lows: Int32Array
}

// The reflected polynomial in two halves: JavaScript has no fast integers of 64 bits.
const highPolynomial = 0x9a6c9329
const lowPolynomial = 0xac4bc9b5

function tablesOf(): Tables {
  const highs = new Int32Array(256 * slices)
  const lows = new Int32Array(256 * slices)
  for (let index = 0; index < highs.length; index += 1) {
    let high = 0
    let low = index
    if (index < 256)
      for (let bit = 0; bit < 8; bit += 1) {
        const carry = -(low & 1)
        low = ((low >>> 1) | (high << 31)) ^ (carry & lowPolynomial)
        high = (high >>> 1) ^ (carry & highPolynomial)
      }
    else {
      const [highBefore, lowBefore] = [highs[index - 256] as number, lows[index - 256] as number]
      low = ((lowBefore >>> 8) | (highBefore << 24)) ^ (lows[lowBefore & 0xff] as number)
      high = (highBefore >>> 8) ^ (highs[lowBefore & 0xff] as number)
    }
    highs[index] = high
    lows[index] = low
  }
  return { highs, lows }
}

let tables: Tables | undefined

/**
 * CRC-64/NVME, eight octets at each step as for CRC-32.
 *
 * Source: NVM Express NVM Command Set Specification, "64b CRC Polynomials".
 */
export function createCrc64Nvme(toText: (value: Uint8Array) => string): RunningChecksum {
  tables ??= tablesOf()
  const { highs, lows } = tables
  let high = -1
  let low = -1
  return {
    update(data) {
      let index = 0
      for (const end = data.length - 7; index < end; index += 8) {
        const left = low ^ wordAt(data, index)
        const right = high ^ wordAt(data, index + 4)
        high = lookUp(highs, left, right)
        low = lookUp(lows, left, right)
      }
      for (; index < data.length; index += 1) {
        const place = (low ^ (data[index] as number)) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ (lows[place] as number)
        high = (high >>> 8) ^ (highs[place] as number)
      }
    },
    digest() {
      const value = new DataView(new ArrayBuffer(8))
      value.setInt32(0, ~high)
      value.setInt32(4, ~low)
      return toText(new Uint8Array(value.buffer))
    },
  }
}

/** What eight octets leave of one half. */
function lookUp(half: Int32Array, left: number, right: number): number {
  return (
    (half[1792 + (left & 0xff)] as number) ^
    (half[1536 + ((left >>> 8) & 0xff)] as number) ^
    (half[1280 + ((left >>> 16) & 0xff)] as number) ^
    (half[1024 + (left >>> 24)] as number) ^
    (half[768 + (right & 0xff)] as number) ^
    (half[512 + ((right >>> 8) & 0xff)] as number) ^
    (half[256 + ((right >>> 16) & 0xff)] as number) ^
    (half[right >>> 24] as number)
  )
}

function wordAt(data: Uint8Array, index: number): number {
  return (
    (data[index] as number) |
    ((data[index + 1] as number) << 8) |
    ((data[index + 2] as number) << 16) |
    ((data[index + 3] as number) << 24)
  )
}
