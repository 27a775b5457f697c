import { EzError } from '@ez/core'
import { fromBase64, toBase64, utf8 } from '@ez/core/crypto'

const pem = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----/

/** The header of a PKCS#8 key before its PKCS#1 part: version 0, algorithm rsaEncryption (RFC 5208 section 5). */
const rsaEncryption = [
  0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
]

/**
 * A function that signs with RSASSA-PKCS1-v1_5 by the host's WebCrypto (RFC 5849 section 3.4.3).
 *
 * @param privateKey PEM, PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`), not encrypted
 * @param hash `SHA-1`, `SHA-256` or `SHA-512`
 * @throws EZ_CREDENTIAL_INVALID when the key is not one
 */
export function createRsaSignature(privateKey: string, hash: string): (text: string) => Promise<string> {
  const match = pem.exec(privateKey)
  const der = match && fromBase64((match[2] as string).replace(/\s+/g, ''))
  if (!match || !der) throw invalidKey()
  const pkcs8 = match[1] === 'PRIVATE KEY' ? der : wrapPkcs1(der)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash }
  let imported: Promise<CryptoKey> | undefined
  return async (text) => {
    imported ??= crypto.subtle
      .importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
      .catch((cause: unknown) => {
        throw invalidKey(cause)
      })
    return toBase64(new Uint8Array(await crypto.subtle.sign(algorithm.name, await imported, utf8(text))))
  }
}

function wrapPkcs1(key: Uint8Array): Uint8Array<ArrayBuffer> {
  return element(0x30, [...rsaEncryption, ...element(0x04, key)])
}

/** One DER element: tag, length, content (X.690 section 8.1). */
function element(tag: number, content: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Uint8Array.from([tag, ...size, ...Array.from(content)])
}

function invalidKey(cause?: unknown): EzError {
  return new EzError(
    'EZ_CREDENTIAL_INVALID',
    'oauth1: the private key is not an unencrypted RSA key in PEM form. Give PKCS#8 or PKCS#1.',
    { cause },
  )
}
