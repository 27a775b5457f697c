// The verifier's own derivation of the key, on big integers and WebCrypto, with nothing of the signer's.
import { bytesOf, hexOf, hmacSha256Bytes, importHmacKey } from './digest.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
// The order of the curve (FIPS 186-4, D.1.2.3).
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The public key that belongs to credentials. Source: NIST SP 800-108, counter mode, as the AWS SDKs use it. */
export async function publicKeyOf(keyId: string, secretAccessKey: string): Promise<CryptoKey> {
  const key = await importHmacKey(bytesOf(`AWS4A${secretAccessKey}`))
  const [label, id] = [bytesOf('AWS4-ECDSA-P256-SHA256'), bytesOf(keyId)]
  for (let counter = 1; ; counter += 1) {
    const input = Uint8Array.of(0, 0, 0, 1, ...label, 0, ...id, counter, 0, 0, 1, 0)
    const candidate = BigInt(`0x${hexOf(await hmacSha256Bytes(key, input))}`)
    // One in four billion is above; it is tried again.
    if (candidate <= order - 2n) return publicOf(candidate + 1n)
  }
}

// PKCS #8 (RFC 5208) of an EC private key (RFC 5915); the platform works the point out on import.
async function publicOf(privateKey: bigint): Promise<CryptoKey> {
  const hex = `3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420${hexOfInteger(privateKey)}`
  const imported = await crypto.subtle.importKey('pkcs8', bytesOfHex(hex), algorithm, true, ['sign'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', imported)
  return crypto.subtle.importKey('jwk', { kty, crv, x, y } as JsonWebKey, algorithm, false, ['verify'])
}

/** Whether a text was signed with the private key of a public one; the signature is hex of DER (X.690). */
export async function isSignedByKey(key: CryptoKey, text: string, signature: string): Promise<boolean> {
  const raw = rawOf(signature)
  if (raw === undefined) return false
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytesOfHex(raw), bytesOf(text))
}

/** Two integers of 32 bytes each, from their shortest form in DER. */
function rawOf(der: string): string | undefined {
  const length = der.length / 2 - 2
  const first = integerAt(der, 4)
  const second = first && integerAt(der, first.end)
  if (Number.parseInt(der.slice(2, 4), 16) !== length || !second || second.end !== der.length)
    return undefined
  return first.value + second.value
}

function integerAt(der: string, start: number): { readonly value: string; readonly end: number } | undefined {
  const end = start + 4 + 2 * Number.parseInt(der.slice(start + 2, start + 4), 16)
  const digits = der.slice(start + 4, end)
  // No sign, and a leading zero only where the integer would have one otherwise.
  const isShortest = /^(?:00(?=[89a-f])|(?!00)[0-7])/.test(digits) || digits === '00'
  const value = digits.replace(/^00/, '').padStart(64, '0')
  return der.slice(start, start + 2) === '02' &&
    digits.length === end - start - 4 &&
    isShortest &&
    value.length === 64
    ? { value, end }
    : undefined
}

function hexOfInteger(integer: bigint): string {
  return integer.toString(16).padStart(64, '0')
}

function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
