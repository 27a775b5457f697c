import { type HmacKey, hmac } from '@ez/core/crypto'

/** HMAC-SHA256 of the base string, in base64. */
export function createSignature(key: HmacKey, baseString: string): string {
  return hmac(key, baseString, 'base64')
}
