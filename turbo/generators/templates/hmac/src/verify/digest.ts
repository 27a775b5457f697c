import { reveal, type Secret } from '@ez/core'
import { toHex, utf8 } from '@ez/core/crypto'

/** The hex SHA-256 of a text or bytes, by WebCrypto: the verifier computes apart from the signer. */
export async function sha256Hex(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? utf8(data) : Uint8Array.from(data)
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** The hex HMAC-SHA256 of a text. */
export async function hmacHex(secretKey: string | Secret, text: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    utf8(reveal(secretKey)),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))))
}
