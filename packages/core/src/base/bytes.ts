/**
 * Bytes one after the other. A list of one gives that one, not a copy.
 *
 * @example
 * ```ts
 * import { joinBytes } from '@ez/core'
 *
 * joinBytes([Uint8Array.of(1), Uint8Array.of(2, 3)]) // 1, 2, 3
 * ```
 */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only) return only
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let position = 0
  for (const part of parts) {
    whole.set(part, position)
    position += part.length
  }
  return whole
}
