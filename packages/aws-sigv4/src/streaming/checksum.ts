import { createHash, sha1, sha256, toBase64 } from '@ez/core/crypto'
import { type ContinueCrc32, createCrc32 } from './crc32.ts'
import { createCrc64Nvme } from './crc64.ts'
import type { ChecksumAlgorithm, RunningChecksum } from './modes.ts'

const portableCrc32 = createCrc32(0xedb88320)
const portableCrc32c = createCrc32(0x82f63b78)

/** A checksum in its first state. Source: Amazon S3 User Guide, "Checking object integrity". */
export function createChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  if (algorithm === 'crc32') return cyclic(nativeCrc32() ?? portableCrc32)
  if (algorithm === 'crc32c') return cyclic(portableCrc32c)
  if (algorithm === 'crc64nvme') return createCrc64Nvme(toBase64)
  const running = createHash(algorithm === 'sha1' ? sha1 : sha256)
  return { update: (data) => running.update(data), digest: () => running.digest('base64') }
}

const base64Lengths = { crc32: 8, crc32c: 8, crc64nvme: 12, sha1: 28, sha256: 44 }

/** How many base64 characters a checksum has. */
export function checksumLength(algorithm: ChecksumAlgorithm): number {
  return base64Lengths[algorithm]
}

function cyclic(next: ContinueCrc32): RunningChecksum {
  let value = 0
  return {
    update(data) {
      value = next(data, value)
    },
    digest: () => toBase64(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)),
  }
}

// Node's own is an order of magnitude faster; asked for at run time, so that bundles for browsers stay free of it.
function nativeCrc32(): ContinueCrc32 | undefined {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process
  const zlib = host?.getBuiltinModule?.('node:zlib') as { crc32?: ContinueCrc32 } | undefined
  return zlib?.crc32
}
