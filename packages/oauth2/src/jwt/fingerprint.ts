import { EzError } from '@ez/core'
import { hash, sha256, toBase64 } from '@ez/core/crypto'
import { readKey } from '@ez/core/keys'
import { exportJWK, exportSPKI, importJWK, importPKCS8, type JWK } from 'jose'
import type { PrivateKey } from '../assertion.ts'

/**
 * SHA-256 of the public key that belongs to a private one (SPKI), in base64.
 *
 * @throws EZ_CREDENTIAL_INVALID when the key cannot be read
 */
export async function publicKeyFingerprint(
  id: string,
  privateKey: PrivateKey,
  algorithm: string,
): Promise<string> {
  const data = readKey(id, privateKey)
  try {
    const jwk =
      data.format === 'jwk' ? (data.jwk as JWK) : await exportJWK(await privateKeyOf(data.bytes, algorithm))
    const { kty, n, e, crv, x, y } = jwk
    const publicJwk = JSON.parse(JSON.stringify({ kty, n, e, crv, x, y })) as JWK
    const pem = await exportSPKI((await importJWK(publicJwk, algorithm, { extractable: true })) as CryptoKey)
    const bytes = Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, '')), (one) => one.charCodeAt(0))
    return hash(sha256, bytes, 'base64')
  } catch {
    throw new EzError(
      'EZ_CREDENTIAL_INVALID',
      `${id}: the private key does not fit ${algorithm}. Give one that does, in PEM or as a JWK.`,
    )
  }
}

const privateKeyOf = (bytes: Uint8Array, algorithm: string): Promise<CryptoKey> =>
  importPKCS8(`-----BEGIN PRIVATE KEY-----\n${toBase64(bytes)}\n-----END PRIVATE KEY-----`, algorithm, {
    extractable: true,
  }) as Promise<CryptoKey>
