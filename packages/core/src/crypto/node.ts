import * as host from 'node:crypto'
import type { DigestEncoding, HashAlgorithm, HmacKey, RunningHash } from './algorithm.ts'

export type { DigestEncoding, HashAlgorithm, HmacKey, RunningHash } from './algorithm.ts'
export { encodeRfc3986, equalInConstantTime, fromBase64, toBase64, toHex, utf8 } from './encoding.ts'
export { randomAlphanumeric } from './random.ts'

/** SHA-1 (FIPS 180-4). For schemes that still ask for it. */
export const sha1: HashAlgorithm = { name: 'sha1', blockLength: 64 }
/** SHA-256 (FIPS 180-4). */
export const sha256: HashAlgorithm = { name: 'sha256', blockLength: 64 }
/** SHA-512 (FIPS 180-4). */
export const sha512: HashAlgorithm = { name: 'sha512', blockLength: 128 }

// One-shot hashing came with Node 20.12; it is three times as fast for small input.
const oneShot: (name: string, data: string | Uint8Array, encoding: DigestEncoding) => string =
  host.hash ?? ((name, data, encoding) => host.createHash(name).update(data).digest(encoding))

/**
 * The digest of a text (as UTF-8) or of bytes.
 *
 * @example
 * ```ts
 * import { hash, sha256 } from '@ez/core/crypto'
 *
 * hash(sha256, 'abc', 'hex') // 'ba7816bf…15ad'
 * ```
 */
export function hash(algorithm: HashAlgorithm, data: string | Uint8Array, encoding: DigestEncoding): string {
  return oneShot(algorithm.name, data, encoding)
}

/**
 * The digest of a body, which may be large; a promise only where that is faster or frees the event loop.
 *
 * @example
 * ```ts
 * import { hashBody, sha256 } from '@ez/core/crypto'
 *
 * const digest: string = await hashBody(sha256, new Uint8Array(1_000_000), 'hex')
 * console.log(digest)
 * ```
 */
export function hashBody(
  algorithm: HashAlgorithm,
  data: Uint8Array,
  encoding: DigestEncoding,
): string | Promise<string> {
  return oneShot(algorithm.name, data, encoding)
}

/**
 * A running hash, for streams.
 *
 * @example
 * ```ts
 * import { createHash, sha256 } from '@ez/core/crypto'
 *
 * const running = createHash(sha256)
 * running.update(new Uint8Array([1, 2, 3]))
 * running.digest('base64')
 * ```
 */
export function createHash(algorithm: HashAlgorithm): RunningHash {
  const running = host.createHash(algorithm.name)
  return {
    update: (data) => void running.update(data),
    digest: (encoding) => running.digest(encoding),
  }
}

interface PaddedKey extends HmacKey {
  readonly inner: Uint8Array
  readonly outer: Uint8Array
}

/**
 * Works out the pads of a key once; signing with it is then two hashes (RFC 2104 section 2).
 *
 * @example
 * ```ts
 * import { createHmacKey, hmac, sha256 } from '@ez/core/crypto'
 *
 * const key = createHmacKey(sha256, 'key')
 * hmac(key, 'message', 'hex')
 * ```
 */
export function createHmacKey(algorithm: HashAlgorithm, key: string | Uint8Array): HmacKey {
  let bytes: Uint8Array = typeof key === 'string' ? Buffer.from(key) : key
  if (bytes.length > algorithm.blockLength) bytes = host.createHash(algorithm.name).update(bytes).digest()
  const inner = new Uint8Array(algorithm.blockLength).fill(0x36)
  const outer = new Uint8Array(algorithm.blockLength).fill(0x5c)
  for (let index = 0; index < bytes.length; index += 1) {
    inner[index] = (inner[index] as number) ^ (bytes[index] as number)
    outer[index] = (outer[index] as number) ^ (bytes[index] as number)
  }
  return { algorithm, inner, outer } as PaddedKey
}

const scratch = Buffer.allocUnsafeSlow(4096)

function innerDigest(key: PaddedKey, data: string | Uint8Array): string {
  const { name, blockLength } = key.algorithm
  // A UTF-16 unit takes three bytes of UTF-8 at the most.
  if (data.length * 3 > scratch.length - blockLength)
    return host.createHash(name).update(key.inner).update(data).digest('hex')
  scratch.set(key.inner)
  let length = blockLength
  if (typeof data === 'string') length += scratch.write(data, blockLength, 'utf8')
  else {
    scratch.set(data, blockLength)
    length += data.length
  }
  return oneShot(name, scratch.subarray(0, length), 'hex')
}

/**
 * HMAC of a text (as UTF-8) or of bytes. Source: RFC 2104.
 *
 * @example
 * ```ts
 * import { createHmacKey, hmac, sha256 } from '@ez/core/crypto'
 *
 * hmac(createHmacKey(sha256, 'key'), 'message', 'base64')
 * ```
 */
export function hmac(key: HmacKey, data: string | Uint8Array, encoding: DigestEncoding): string {
  const padded = key as PaddedKey
  const { name, blockLength } = padded.algorithm
  // Asking for hex and writing it back is faster than asking for a buffer.
  const digest = innerDigest(padded, data)
  scratch.set(padded.outer)
  const length = blockLength + scratch.write(digest, blockLength, 'hex')
  return oneShot(name, scratch.subarray(0, length), encoding)
}

/**
 * HMAC as bytes, for keys that are derived in a chain.
 *
 * @example
 * ```ts
 * import { createHmacKey, hmacBytes, sha256 } from '@ez/core/crypto'
 *
 * const dateKey = hmacBytes(createHmacKey(sha256, 'AWS4key'), '20260115')
 * hmacBytes(createHmacKey(sha256, dateKey), 'us-east-1').length // 32
 * ```
 */
export function hmacBytes(key: HmacKey, data: string | Uint8Array): Uint8Array {
  return Buffer.from(hmac(key, data, 'hex'), 'hex')
}
