// The classes themselves: what wraps them to take options weighs a sixth of the hash.
import { _MD5, _SHA1 } from '@noble/hashes/legacy.js'
import { _SHA256, _SHA384, _SHA512 } from '@noble/hashes/sha2.js'
import type { DigestEncoding, HashAlgorithm, HmacKey, RunningHash } from './algorithm.ts'
import { hashable, toBase64, toHex, utf8 } from './encoding.ts'

export type { DigestEncoding, HashAlgorithm, HmacKey, RunningHash } from './algorithm.ts'
export { encodeRfc3986, equalInConstantTime, fromBase64, toBase64, toHex, utf8 } from './encoding.ts'
export { randomAlphanumeric } from './random.ts'

interface NobleState {
  update(data: Uint8Array): NobleState
  digest(): Uint8Array
  clone(): NobleState
}

interface PortableAlgorithm extends HashAlgorithm {
  /** What WebCrypto calls it; it has no MD5. */
  readonly subtleName: string | undefined
  create(): NobleState
}

export const md5: HashAlgorithm = /* @__PURE__ */ portable('md5', undefined, 64, () => new _MD5())
export const sha1: HashAlgorithm = /* @__PURE__ */ portable('sha1', 'SHA-1', 64, () => new _SHA1())
export const sha256: HashAlgorithm = /* @__PURE__ */ portable('sha256', 'SHA-256', 64, () => new _SHA256())
export const sha384: HashAlgorithm = /* @__PURE__ */ portable('sha384', 'SHA-384', 128, () => new _SHA384())
export const sha512: HashAlgorithm = /* @__PURE__ */ portable('sha512', 'SHA-512', 128, () => new _SHA512())

function portable(
  name: string,
  subtleName: string | undefined,
  blockLength: number,
  create: () => NobleState,
): PortableAlgorithm {
  return { name, subtleName, blockLength, create }
}

function encode(bytes: Uint8Array, encoding: DigestEncoding): string {
  return encoding === 'hex' ? toHex(bytes) : toBase64(bytes)
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? utf8(data) : hashable(data)
}

function start(algorithm: HashAlgorithm): NobleState {
  return (algorithm as PortableAlgorithm).create()
}

/** The digest of a text (as UTF-8) or of bytes. */
export function hash(algorithm: HashAlgorithm, data: string | Uint8Array, encoding: DigestEncoding): string {
  return encode(start(algorithm).update(bytesOf(data)).digest(), encoding)
}

// Below about 8 KiB a synchronous hash in JavaScript beats the wake-up of WebCrypto's thread pool.
const largestSynchronous = 8192

/** The digest of a body, which may be large; a promise only where that is faster or frees the event loop. */
export function hashBody(
  algorithm: HashAlgorithm,
  data: Uint8Array,
  encoding: DigestEncoding,
): string | Promise<string> {
  // A page without TLS has no WebCrypto.
  const { subtleName } = algorithm as PortableAlgorithm
  if (hashable(data).length <= largestSynchronous || subtleName === undefined || !crypto.subtle)
    return hash(algorithm, data, encoding)
  return crypto.subtle
    .digest(subtleName, data as Uint8Array<ArrayBuffer>)
    .then((digest) => encode(new Uint8Array(digest), encoding))
}

/** A running hash, for streams. */
export function createHash(algorithm: HashAlgorithm): RunningHash {
  const state = start(algorithm)
  return {
    update: (data) => void state.update(data),
    digest: (encoding) => encode(state.digest(), encoding),
  }
}

interface PaddedKey extends HmacKey {
  readonly inner: NobleState
  readonly outer: NobleState
}

/** Works out the pads of a key once; signing with it is then two hashes (RFC 2104 section 2). */
export function createHmacKey(algorithm: HashAlgorithm, key: string | Uint8Array): HmacKey {
  let bytes = bytesOf(key)
  if (bytes.length > algorithm.blockLength) bytes = start(algorithm).update(bytes).digest()
  const pad = (value: number): NobleState => {
    const block = new Uint8Array(algorithm.blockLength).fill(value)
    for (let index = 0; index < bytes.length; index += 1)
      block[index] = (block[index] as number) ^ (bytes[index] as number)
    return start(algorithm).update(block)
  }
  return { algorithm, inner: pad(0x36), outer: pad(0x5c) } as PaddedKey
}

/** HMAC as bytes, for keys that are derived in a chain. */
export function hmacBytes(key: HmacKey, data: string | Uint8Array): Uint8Array {
  const { inner, outer } = key as PaddedKey
  return outer
    .clone()
    .update(inner.clone().update(bytesOf(data)).digest())
    .digest()
}

/** HMAC of a text (as UTF-8) or of bytes. Source: RFC 2104. */
export function hmac(key: HmacKey, data: string | Uint8Array, encoding: DigestEncoding): string {
  return encode(hmacBytes(key, data), encoding)
}
