import { createHmacKey, encodeRfc3986, type HashAlgorithm, hmac, sha1, sha256, sha512 } from '@ez/core/crypto'
import { createRsaSignature } from './rsa.ts'

/** How a request is signed (RFC 5849 section 3.4); the SHA-2 forms are common extensions of it. */
export type SignatureMethod =
  | 'HMAC-SHA1'
  | 'HMAC-SHA256'
  | 'HMAC-SHA512'
  | 'RSA-SHA1'
  | 'RSA-SHA256'
  | 'RSA-SHA512'
  | 'PLAINTEXT'

export const signatureMethods: readonly SignatureMethod[] = [
  'HMAC-SHA1',
  'HMAC-SHA256',
  'HMAC-SHA512',
  'RSA-SHA1',
  'RSA-SHA256',
  'RSA-SHA512',
  'PLAINTEXT',
]

/** A base string in, its signature in base64 out; a promise for RSA only. */
export type CreateSignature = (baseString: string) => string | Promise<string>

/** The hash of a signature method; PLAINTEXT hashes bodies with SHA-1 (OAuth body hash draft, section 3.2). */
export function hashOf(method: SignatureMethod): HashAlgorithm {
  if (method.endsWith('SHA256')) return sha256
  return method.endsWith('SHA512') ? sha512 : sha1
}

/**
 * Prepares the last stage for one pair of secrets, so that an HMAC key is worked out once.
 *
 * @param consumerSecret for RSA the private key in PEM form
 * @throws EZ_CREDENTIAL_INVALID for an RSA key that is not one
 */
export function prepareSignature(
  method: SignatureMethod,
  consumerSecret: string,
  tokenSecret: string,
): CreateSignature {
  if (method.startsWith('RSA-')) return createRsaSignature(consumerSecret, method.replace(/^RSA-SHA/, 'SHA-'))
  // Both halves are encoded, and the `&` stands there even when one is empty (RFC 5849 section 3.4.2).
  const text = `${encodeRfc3986(consumerSecret)}&${encodeRfc3986(tokenSecret)}`
  if (method === 'PLAINTEXT') return () => text
  const key = createHmacKey(hashOf(method), text)
  return (baseString) => hmac(key, baseString, 'base64')
}
