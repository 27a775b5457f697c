import { EzError, reveal, type Secret } from '@ez/core'
import { fromBase64, utf8 } from '@ez/core/crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'

/**
 * Encrypts a text for one place, as a compact JWE (AES-256-GCM).
 *
 * The place's name is authenticated with the text: what was sealed for one place cannot be opened at another, so
 * that whoever may write to a store cannot exchange the entries of two tenants.
 *
 * Source: RFC 7516; RFC 7518 section 5.3.
 *
 * @param key 32 bytes, see {@link storeKeyOf}
 * @param place names the entry; it stays readable, so it must hold no secret
 *
 * @example
 * ```ts
 * import { seal, storeKeyOf, unseal } from '@ez/oauth2/seal'
 *
 * const key = storeKeyOf('my-store', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=')
 * const sealed = await seal(key, 'tenant-1', 'a token')
 * console.log(await unseal(key, 'tenant-1', sealed))
 * ```
 */
export function seal(key: Uint8Array, place: string, text: string): Promise<string> {
  return new CompactEncrypt(utf8(text)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', place }).encrypt(key)
}

/**
 * The text that {@link seal} encrypted for this place.
 *
 * @throws TypeError with `code` SEALED_WITH_ANOTHER_KEY (or changed since), or SEALED_FOR_ANOTHER_PLACE
 */
export async function unseal(key: Uint8Array, place: string, sealed: string): Promise<string> {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  }).catch(() => {
    throw unopened('SEALED_WITH_ANOTHER_KEY')
  })
  if (protectedHeader.place !== place) throw unopened('SEALED_FOR_ANOTHER_PLACE')
  return new TextDecoder().decode(plaintext)
}

const unopened = (code: string): TypeError => Object.assign(new TypeError(code), { code })

/**
 * The 32 bytes of a store's key.
 *
 * @param subject who asks, for the error: a step's id, or the name of a variable
 * @throws EZ_OPTION_INVALID when the text is not 32 bytes in base64
 */
export function storeKeyOf(subject: string, key: string | Secret): Uint8Array {
  const bytes = fromBase64(reveal(key).trim())
  if (bytes?.length === 32) return bytes
  throw new EzError(
    'EZ_OPTION_INVALID',
    `${subject} must be 32 bytes in base64. Make one with: openssl rand -base64 32`,
  )
}
