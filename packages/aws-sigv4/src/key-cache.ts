import { createHmacKey, type HmacKey, hash, sha256 } from '@ez/core/crypto'
import { deriveSigningKey } from './signature.ts'
import type { SigningScope } from './string-to-sign.ts'

const capacity = 64

/** Signing keys by digest of the secret and scope, so that a new secret never meets an old key; the last used are kept. */
export class SigningKeyCache {
  readonly #keys = new Map<string, HmacKey>()
  #lastDigest = ''
  #lastScope = ''
  #lastKey: HmacKey | undefined

  /** @param secretDigest what {@link digestSecret} gives for the secret */
  get(secretDigest: string, secretAccessKey: string, scope: SigningScope): HmacKey {
    if (this.#lastKey && scope.text === this.#lastScope && secretDigest === this.#lastDigest)
      return this.#lastKey
    const name = `${secretDigest}/${scope.text}`
    const key = this.#keys.get(name) ?? createHmacKey(sha256, deriveSigningKey(secretAccessKey, scope))
    // A Map keeps its order of insertion: set again, a key is the youngest.
    this.#keys.delete(name)
    this.#keys.set(name, key)
    if (this.#keys.size > capacity) this.#keys.delete(this.#keys.keys().next().value as string)
    this.#lastDigest = secretDigest
    this.#lastScope = scope.text
    this.#lastKey = key
    return key
  }
}

/** A digest that stands for a secret in the cache, so that its plain text is never a key. */
export function digestSecret(secretAccessKey: string): string {
  return hash(sha256, secretAccessKey, 'hex')
}
