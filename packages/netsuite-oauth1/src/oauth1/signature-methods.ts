import { type HashAlgorithm, sha1, sha256, sha512 } from '@ez/core/crypto'
import {
  hmacMethod,
  hmacSha256,
  joinSecrets,
  type PrepareSignature,
  type SignatureMethod,
} from '../signature.ts'
import { createRsaSignature } from './rsa.ts'

/** For RSA the consumer secret is the private key in PEM form. */
const methods: Readonly<Record<SignatureMethod, PrepareSignature>> = {
  'HMAC-SHA1': /* @__PURE__ */ hmacMethod(sha1),
  'HMAC-SHA256': hmacSha256,
  'HMAC-SHA512': /* @__PURE__ */ hmacMethod(sha512),
  'RSA-SHA1': (privateKey) => createRsaSignature(privateKey, 'SHA-1'),
  'RSA-SHA256': (privateKey) => createRsaSignature(privateKey, 'SHA-256'),
  'RSA-SHA512': (privateKey) => createRsaSignature(privateKey, 'SHA-512'),
  PLAINTEXT: (consumerSecret, tokenSecret) => () => joinSecrets(consumerSecret, tokenSecret),
}

export const signatureMethods: readonly SignatureMethod[] = /* @__PURE__ */ Object.keys(
  methods,
) as SignatureMethod[]

/**
 * Prepares a signature method for one pair of secrets.
 *
 * @throws EZ_CREDENTIAL_INVALID for an RSA key that is not one
 */
export function prepareSignature(method: SignatureMethod): PrepareSignature {
  return methods[method]
}

/** The hash of a signature method; PLAINTEXT hashes bodies with SHA-1 (OAuth body hash draft, section 3.2). */
export function hashOf(method: SignatureMethod): HashAlgorithm {
  if (method.endsWith('SHA256')) return sha256
  return method.endsWith('SHA512') ? sha512 : sha1
}
