import type { Secret } from '@ez/core'
import { createHmacKey, hmacBytes, sha256, utf8 } from '@ez/core/crypto'
import { secretText } from '../credentials/secret-text.ts'

// The order of the curve P-256 less two (FIPS 186-4, D.1.2.3): a candidate above it is tried again.
const largest = Uint8Array.from(
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f'.match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
)

/**
 * The private key of version 4A that belongs to credentials: 32 bytes, big-endian, the same for every day,
 * region and service.
 *
 * @throws EZ_CREDENTIAL_MISSING
 *
 * Source: AWS SDKs' specification of SigV4A, a key derivation in counter mode (NIST SP 800-108).
 *
 * @example
 * ```ts
 * import { deriveSigV4aKey } from '@ez/aws-sigv4/v4a'
 *
 * const key = deriveSigV4aKey('AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY')
 * ```
 */
export function deriveSigV4aKey(accessKeyId: string, secretAccessKey: string | Secret): Uint8Array {
  const key = createHmacKey(sha256, `AWS4A${secretText(secretAccessKey, 'secretAccessKey')}`)
  const label = utf8('AWS4-ECDSA-P256-SHA256')
  const id = utf8(accessKeyId)
  for (let counter = 1; counter < 255; counter += 1) {
    const input = Uint8Array.of(0, 0, 0, 1, ...label, 0, ...id, counter, 0, 0, 1, 0)
    const candidate = Uint8Array.from(hmacBytes(key, input))
    if (isGreater(candidate, largest)) continue
    increment(candidate)
    return candidate
  }
  // One candidate in four billion is rejected; 254 in a row cannot happen.
  throw new Error('no candidate of the key derivation is in range')
}

function isGreater(left: Uint8Array, right: Uint8Array): boolean {
  for (let index = 0; index < left.length; index += 1)
    if (left[index] !== right[index]) return (left[index] as number) > (right[index] as number)
  return false
}

function increment(number: Uint8Array): void {
  for (let index = number.length - 1; index >= 0; index -= 1) {
    number[index] = ((number[index] as number) + 1) & 0xff
    if (number[index] !== 0) return
  }
}
