// WebCrypto only: a verifier must not inherit a bug of the signer's hashing.
const encoder = new TextEncoder()

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Hex SHA-256. */
export async function sha256Hex(data: Uint8Array | string): Promise<string> {
  const bytes = typeof data === 'string' ? bytesOf(data) : (data as Uint8Array<ArrayBuffer>)
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** A key that signs texts with HMAC-SHA256. */
export function importHmacKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

export function hmacSha256(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return hmacSha256Bytes(key, bytesOf(text))
}

export async function hmacSha256Bytes(
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes))
}

/** The signing key of a credential scope: date, region, service, `aws4_request`. */
export async function scopeKey(secretAccessKey: string, scope: readonly string[]): Promise<CryptoKey> {
  let key = await importHmacKey(bytesOf(`AWS4${secretAccessKey}`))
  for (const part of scope) key = await importHmacKey(await hmacSha256(key, part))
  return key
}
