import { utf8 } from '@ez/core/crypto'
import { algorithms, type SignatureAlgorithm } from './algorithms.ts'

/** The signature of a base. Source: RFC 9421 section 3.3. */
export async function createSignature(
  algorithm: SignatureAlgorithm,
  key: CryptoKey,
  signatureBase: string,
): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(algorithms[algorithm].use, key, utf8(signatureBase)))
}
