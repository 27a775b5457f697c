import { EzError } from '../base/error.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
// The largest multiple of 62 below 256: bytes above it are drawn again, so that every character is equally likely.
const limit = 248
// More would be many arguments at once.
const longest = 4096
const pool = /* @__PURE__ */ new Uint8Array(1024)
let position = 1024

/**
 * A nonce of letters and digits from the platform's CSPRNG; 32 characters hold 190 bits.
 *
 * @throws EZ_OPTION_INVALID for a length that is no whole number, or below zero
 *
 * @example
 * ```ts
 * import { randomAlphanumeric } from '@ez/core/crypto'
 *
 * randomAlphanumeric(32).length // 32
 * ```
 */
export function randomAlphanumeric(length: number): string {
  if (!Number.isSafeInteger(length) || length < 0)
    throw new EzError('EZ_OPTION_INVALID', 'The length of a nonce must be a whole number.')
  if (length > longest) return randomAlphanumeric(longest) + randomAlphanumeric(length - longest)
  // Codes in an array become one flat text; adding one character after another would cost twice as much.
  const codes: number[] = []
  while (codes.length < length) {
    if (position === pool.length) {
      crypto.getRandomValues(pool)
      position = 0
    }
    const byte = pool[position] as number
    pool[position] = 0
    position += 1
    if (byte < limit) codes.push(alphabet.charCodeAt(byte % 62))
  }
  return String.fromCharCode(...codes)
}
