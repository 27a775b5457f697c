import { createHmacKey, encodeRfc3986, type HashAlgorithm, hmac, sha256 } from '@ez/core/crypto'

/** How a request is signed (RFC 5849 section 3.4); the SHA-2 forms are common extensions of it. */
export type SignatureMethod =
  | 'HMAC-SHA1'
  | 'HMAC-SHA256'
  | 'HMAC-SHA512'
  | 'RSA-SHA1'
  | 'RSA-SHA256'
  | 'RSA-SHA512'
  | 'PLAINTEXT'

/** A base string in, its signature out; a promise for RSA only. */
export type CreateSignature = (baseString: string) => string | Promise<string>

/** A signature method: prepares the last stage for one pair of secrets, so that a key is worked out once. */
export type PrepareSignature = (consumerSecret: string, tokenSecret: string) => CreateSignature

/** Both secrets, encoded; the `&` stands there even when one is empty (RFC 5849 section 3.4.2). */
export function joinSecrets(consumerSecret: string, tokenSecret: string): string {
  return `${encodeRfc3986(consumerSecret)}&${encodeRfc3986(tokenSecret)}`
}

/** HMAC with a hash, in base64. */
export function hmacMethod(algorithm: HashAlgorithm): PrepareSignature {
  return (consumerSecret, tokenSecret) => {
    const key = createHmacKey(algorithm, joinSecrets(consumerSecret, tokenSecret))
    return (baseString) => hmac(key, baseString, 'base64')
  }
}

export const hmacSha256: PrepareSignature = /* @__PURE__ */ hmacMethod(sha256)
