import { invalid, type KeyData } from './read-key.ts'

/** What a key is for, as WebCrypto names it. */
export type KeyAlgorithm =
  | { readonly name: 'Ed25519' }
  | { readonly name: 'ECDSA'; readonly namedCurve: 'P-256' | 'P-384' | 'P-521' }
  | { readonly name: 'RSA-PSS' | 'RSASSA-PKCS1-v1_5'; readonly hash: string }
  | { readonly name: 'HMAC'; readonly hash: string }

/**
 * Imports a key that {@link readKey} has read.
 *
 * @param subject stands in front of messages
 * @throws EZ_CREDENTIAL_INVALID when the key is none of this algorithm, or not one to sign or verify with
 *
 * @example
 * ```ts
 * import { importKey, readKey } from '@ez/core/keys'
 *
 * const text = '{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}'
 * const key = await importKey('my-verifier', readKey('my-verifier', text), { name: 'Ed25519' }, 'verify')
 * console.log(key.type) // 'public'
 * ```
 */
export async function importKey(
  subject: string,
  data: KeyData,
  algorithm: KeyAlgorithm,
  usage: 'sign' | 'verify',
): Promise<CryptoKey> {
  try {
    if (data.format !== 'jwk')
      return await crypto.subtle.importKey(data.format, data.bytes, algorithm, false, [usage])
    // What a JWK says about its use would bind it to another library's names.
    const { alg: _alg, key_ops: _operations, use: _use, ext: _extractable, ...jwk } = data.jwk
    return await crypto.subtle.importKey('jwk', jwk, algorithm, false, [usage])
  } catch {
    const curve = 'namedCurve' in algorithm ? ` ${algorithm.namedCurve}` : ''
    throw invalid(subject, `the key is not one for ${algorithm.name}${curve}, or not one to ${usage} with`)
  }
}
