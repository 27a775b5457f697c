import { toBase64, utf8 } from '@ez/core/crypto'
import { importKey, readKey } from '@ez/core/keys'

/**
 * A function that signs with RSASSA-PKCS1-v1_5 by the host's WebCrypto (RFC 5849 section 3.4.3).
 *
 * @param privateKey PEM with PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`), not encrypted, or a JWK
 * @param hash `SHA-1`, `SHA-256` or `SHA-512`
 * @throws EZ_CREDENTIAL_INVALID when the key is not one; of another kind than RSA when it signs
 */
export function createRsaSignature(privateKey: string, hash: string): (text: string) => Promise<string> {
  const data = readKey('oauth1', privateKey)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash } as const
  let imported: Promise<CryptoKey> | undefined
  return async (text) => {
    imported ??= importKey('oauth1', data, algorithm, 'sign')
    return toBase64(new Uint8Array(await crypto.subtle.sign(algorithm.name, await imported, utf8(text))))
  }
}
