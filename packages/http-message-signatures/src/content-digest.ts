import { hashBody, sha256, sha512 } from '@ez/core/crypto'

/** The hash of `content-digest`. */
export type DigestAlgorithm = 'sha-256' | 'sha-512'

/** The value of `content-digest`, one digest. Source: RFC 9530 section 2. */
export async function createContentDigest(algorithm: DigestAlgorithm, body: Uint8Array): Promise<string> {
  return `${algorithm}=:${await hashBody(algorithm === 'sha-256' ? sha256 : sha512, body, 'base64')}:`
}
