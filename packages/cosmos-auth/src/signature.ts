import { type HmacKey, hmac } from '@ez/core/crypto'

/** HMAC-SHA256 of the string to sign, in base64. */
export function createSignature(key: HmacKey, stringToSign: string | Uint8Array): string {
  return hmac(key, stringToSign, 'base64')
}
