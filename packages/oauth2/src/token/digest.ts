import { reveal, type Secret } from '@ez/core'
import { hash, sha256 } from '@ez/core/crypto'

/** A short name of some values, from which they cannot be had. */
export function digestOf(parts: readonly (string | Secret | undefined)[]): string {
  return hash(sha256, JSON.stringify(parts.map((part) => part && reveal(part))), 'hex').slice(0, 32)
}
