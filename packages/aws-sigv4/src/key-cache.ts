import { createHmacKey, type HmacKey, hash, sha256 } from '@ez/core/crypto'
import { deriveSigningKey } from './signature.ts'
import type { SigningScope } from './string-to-sign.ts'

const capacity = 64

/** Signing keys, the last used last; filed under a digest of the secret, so that a new secret never meets an old key. */
export class SigningKeyCache {
  readonly #keys = new Map<string, HmacKey>()

  /** @param secretDigest what {@link digestSecret} gives for the secret */
  get(secretDigest: string, secretAccessKey: string, scope: SigningScope): HmacKey {
    const name = `${secretDigest}/${scope.text}`
    let key = this.#keys.get(name)
    if (key) {
      // Only a full cache evicts, so only then the order matters.
      if (this.#keys.size > capacity / 2) {
        this.#keys.delete(name)
        this.#keys.set(name, key)
      }
      return key
    }
    key = createHmacKey(sha256, deriveSigningKey(secretAccessKey, scope))
    if (this.#keys.size >= capacity) this.#keys.delete(this.#keys.keys().next().value as string)
    this.#keys.set(name, key)
    return key
  }
}

/** A digest that stands for a secret in the cache, so that its plain text is never a key. */
export function digestSecret(secretAccessKey: string): string {
  return hash(sha256, secretAccessKey, 'hex')
}
