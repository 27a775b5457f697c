import { type HmacKey, hmac } from '@ez/core/crypto'

/** HMAC-SHA256 of the string to sign, in hex. */
export function createSignature(key: HmacKey, stringToSign: string): string {
  return hmac(key, stringToSign, 'hex')
}
