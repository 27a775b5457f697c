import { EzError, reveal, type Secret } from '@ez/core'
import { fromBase64 } from '@ez/core/crypto'
import { importKey, type KeyData, readKey } from '@ez/core/keys'
import { algorithms, type SignatureAlgorithm } from './algorithms.ts'

/** A key as it was given: PEM or JWK, or for HMAC bytes. */
export type KeyText = KeyData | { readonly format: 'raw'; readonly bytes: Uint8Array<ArrayBuffer> }

/** @throws EZ_CREDENTIAL_INVALID, which never shows the text */
export function parseKey(id: string, algorithm: SignatureAlgorithm, text: string | Secret): KeyText {
  if (algorithm !== 'hmac-sha256' || reveal(text).trimStart().startsWith('{')) return readKey(id, text)
  const bytes = fromBase64(reveal(text))
  if (bytes) return { format: 'raw', bytes }
  throw new EzError('EZ_CREDENTIAL_INVALID', `${id}: a shared key must be base64, or a JWK as JSON.`)
}

/** @throws EZ_CREDENTIAL_INVALID when the key is not one of the algorithm */
export function importKeyFor(
  id: string,
  algorithm: SignatureAlgorithm,
  key: KeyText,
  usage: 'sign' | 'verify',
): Promise<CryptoKey> {
  const { key: imported } = algorithms[algorithm]
  if (key.format !== 'raw') return importKey(id, key, imported, usage)
  return crypto.subtle.importKey('raw', key.bytes, imported, false, [usage])
}
