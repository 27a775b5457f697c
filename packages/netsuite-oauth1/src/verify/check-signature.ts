import { reveal } from '@ez/core'
import { equalInConstantTime, fromBase64, utf8 } from '@ez/core/crypto'
import { importKey, readKey } from '@ez/core/keys'
import { isUsableSecret } from '@ez/core/received'
import type { OAuth1Secrets } from './options.ts'
import { encodeBytes } from './wire.ts'

const bytesText = (text: string): string => String.fromCharCode(...utf8(text))

/**
 * Whether the secrets are enough for a method. One of the two may be empty (RFC 5849 section 3.4.2); with two
 * that are, anybody can sign.
 */
export function canSign(method: string, secrets: OAuth1Secrets): boolean {
  const { consumerSecret, tokenSecret, publicKey } = secrets
  if (method.startsWith('RSA-')) return isUsableSecret(publicKey)
  return isUsableSecret(consumerSecret) || isUsableSecret(tokenSecret)
}

/** Whether a signature is that of the base string. WebCrypto compares in constant time. */
export async function checkSignature(
  method: string,
  baseString: string,
  signature: string,
  secrets: OAuth1Secrets,
): Promise<boolean> {
  const { consumerSecret, tokenSecret, publicKey } = secrets
  const keyText = [consumerSecret, tokenSecret]
    .map((half) => (isUsableSecret(half) ? encodeBytes(bytesText(reveal(half))) : ''))
    .join('&')
  if (method === 'PLAINTEXT') return equalInConstantTime(keyText, signature)
  const bytes = fromBase64(signature)
  if (!bytes) return false
  const hash = method.replace(/^.*SHA/, 'SHA-')
  const data = utf8(baseString)
  if (method.startsWith('HMAC-')) {
    const key = await crypto.subtle.importKey('raw', utf8(keyText), { name: 'HMAC', hash }, false, ['verify'])
    return crypto.subtle.verify('HMAC', key, bytes, data)
  }
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash } as const
  const key = await importKey('verify oauth1', readKey('verify oauth1', publicKey ?? ''), algorithm, 'verify')
  return crypto.subtle.verify(algorithm.name, key, bytes, data)
}
