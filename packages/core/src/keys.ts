/**
 * Private and public keys: one reader for PEM (PKCS#8, PKCS#1, SEC1, SPKI) and JWK, for every signer that takes one.
 *
 * @module
 */
export { importKey, type KeyAlgorithm } from './crypto/keys/import-key.ts'
export { type KeyData, readKey } from './crypto/keys/read-key.ts'
