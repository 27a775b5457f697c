/** A hash function; use the constants `md5`, `sha1`, `sha256`, `sha384` and `sha512`, so that bundles hold only what they use. */
export interface HashAlgorithm {
  /** `md5`, `sha1`, `sha256`, `sha384` or `sha512`. */
  readonly name: string
  /** Bytes. */
  readonly blockLength: number
}

/** How a digest is written. */
export type DigestEncoding = 'hex' | 'base64'

/** An HMAC key with its inner and outer pads worked out once (RFC 2104 section 2). */
export interface HmacKey {
  /** The hash that it was prepared for. */
  readonly algorithm: HashAlgorithm
}

/** A running hash, for streams. */
export interface RunningHash {
  /** Adds bytes. */
  update(data: Uint8Array): void
  /** Ends the hash; call once. */
  digest(encoding: DigestEncoding): string
}
