import { EzError, reveal, type Secret } from '@ez/core'
import { fromBase64 } from '@ez/core/crypto'
import { algorithms, type SignatureAlgorithm } from './algorithms.ts'

/** A key as text: PEM (PKCS #8 or SPKI), a JWK as JSON, or base64 for HMAC. */
export interface KeyText {
  readonly format: 'pkcs8' | 'spki' | 'raw' | 'jwk'
  readonly data: Uint8Array<ArrayBuffer> | JsonWebKey
}

const pem = /^\s*-----BEGIN (PRIVATE|PUBLIC) KEY-----([A-Za-z0-9+/=\s]+)-----END \1 KEY-----\s*$/

/** @throws EZ_CREDENTIAL_INVALID, which never shows the text */
export function parseKey(id: string, algorithm: SignatureAlgorithm, text: string | Secret): KeyText {
  const value = reveal(text)
  if (value.trimStart().startsWith('{')) {
    try {
      return { format: 'jwk', data: JSON.parse(value) as JsonWebKey }
    } catch {
      throw invalid(id, 'the key looks like a JWK and is not JSON')
    }
  }
  if (algorithm === 'hmac-sha256') {
    const raw = fromBase64(value)
    if (!raw) throw invalid(id, 'a shared key must be base64, or a JWK as JSON')
    return { format: 'raw', data: raw }
  }
  const [, kind, body = ''] = pem.exec(value) ?? []
  const data = fromBase64(body.replace(/\s/g, ''))
  if (kind === undefined || !data)
    throw invalid(id, 'the key is no PEM (BEGIN PRIVATE KEY, BEGIN PUBLIC KEY), nor a JWK as JSON')
  return { format: kind === 'PRIVATE' ? 'pkcs8' : 'spki', data }
}

/** @throws EZ_CREDENTIAL_INVALID when the key is not one of the algorithm */
export async function importKey(
  id: string,
  algorithm: SignatureAlgorithm,
  { format, data }: KeyText,
  usage: 'sign' | 'verify',
): Promise<CryptoKey> {
  const { key } = algorithms[algorithm]
  try {
    if (format !== 'jwk')
      return await crypto.subtle.importKey(format, data as Uint8Array<ArrayBuffer>, key, false, [usage])
    // What a JWK says about its use would bind it to another library's names.
    const { alg: _alg, key_ops: _ops, use: _use, ext: _ext, ...jwk } = data as JsonWebKey
    return await crypto.subtle.importKey('jwk', jwk, key, false, [usage])
  } catch {
    throw invalid(id, `the key is not one for ${algorithm}, or not one to ${usage} with`)
  }
}

function invalid(id: string, problem: string): EzError {
  return new EzError('EZ_CREDENTIAL_INVALID', `${id}: ${problem}.`)
}
