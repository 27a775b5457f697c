import { createHash, md5, sha1, sha256, toBase64 } from '@ez/core/crypto'
import type { Received } from './received.ts'
import { refusal } from './refusal.ts'

/** A checksum that is followed as the body arrives. */
export interface FollowedChecksum {
  update(data: Uint8Array): void
  /** Base64. */
  digest(): string
}

// The halves of each reflected polynomial, and the bytes of a value. Amazon S3 User Guide, "Checking object integrity".
const polynomials = new Map<string, readonly [high: number, low: number, bytes: number]>([
  ['crc32', [0, 0xedb88320, 4]],
  ['crc32c', [0, 0x82f63b78, 4]],
  ['crc64nvme', [0x9a6c9329, 0xac4bc9b5, 8]],
])

/** The checksum of a trailing header by its name; `undefined` for one that is not known here. */
export function followChecksum(trailerName: string): FollowedChecksum | undefined {
  const algorithm = trailerName.replace('x-amz-checksum-', '')
  const polynomial = polynomials.get(algorithm)
  if (polynomial) return cyclic(...polynomial)
  if (algorithm !== 'sha1' && algorithm !== 'sha256') return undefined
  const running = createHash(algorithm === 'sha1' ? sha1 : sha256)
  return { update: running.update, digest: () => running.digest('base64') }
}

/**
 * Compares a body that is not hashed with the checksums that its headers give, as S3 does; of them `content-md5` binds
 * nothing unless it is signed.
 *
 * @throws EZ_BODY_MISMATCH
 */
export function checkDigests(received: Received, body: Uint8Array): void {
  for (const [name, [value = '']] of received.headers) {
    // A part of an upload has a checksum of checksums, which ends in "-" and their number.
    if (!name.startsWith('x-amz-checksum-') || /-\d+$/.test(value)) continue
    const checksum = followChecksum(name)
    checksum?.update(body)
    if (checksum && checksum.digest() !== value.trim()) throw mismatch(name)
  }
  const digests = received.headers.get('content-md5') ?? []
  for (const digest of digests) {
    const running = createHash(md5)
    running.update(body)
    if (running.digest('base64') !== digest.trim()) throw mismatch('content-md5')
  }
}

function mismatch(name: string): Error {
  return refusal('EZ_BODY_MISMATCH', `the header ${name} is not the checksum of the body.`)
}

// Octet by octet, whatever the width: slow, and nothing like the signer's.
function cyclic(highPolynomial: number, lowPolynomial: number, bytes: number): FollowedChecksum {
  const highs = new Int32Array(256)
  const lows = new Int32Array(256)
  for (let octet = 0; octet < 256; octet += 1) {
    let [high, low] = [0, octet]
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (low & 1) !== 0
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (isOdd) [high, low] = [high ^ highPolynomial, low ^ lowPolynomial]
    }
    highs[octet] = high
    lows[octet] = low
  }
  const start = bytes === 8 ? -1 : 0
  let [high, low] = [start, -1]
  return {
    update(data) {
      for (const octet of data) {
        const index = (low ^ octet) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ (lows[index] as number)
        high = (high >>> 8) ^ (highs[index] as number)
      }
    },
    digest() {
      const value = new DataView(new ArrayBuffer(8))
      value.setInt32(0, ~high)
      value.setInt32(4, ~low)
      return toBase64(new Uint8Array(value.buffer, 8 - bytes))
    },
  }
}
