import { createHmacKey, type HmacKey, hash, sha256 } from '@ez/core/crypto'
import { deriveSigningKey } from '../signature.ts'
import type { SigningScope } from '../string-to-sign.ts'

const capacity = 64

/** Gives the signing key of a secret, whose digest is the second argument, and a scope. */
export type SigningKeys = (secretAccessKey: string, secretDigest: string, scope: SigningScope) => HmacKey

/** Keeps the keys used last by digest of the secret and scope, so that a new secret never meets an old key. */
export function createSigningKeys(): SigningKeys {
  const keys = new Map<string, HmacKey>()
  let lastDigest: string
  let lastScope: string
  let lastKey: HmacKey
  return (secretAccessKey, secretDigest, scope) => {
    if (scope.text !== lastScope || secretDigest !== lastDigest) {
      const name = `${secretDigest}/${scope.text}`
      lastKey = keys.get(name) ?? createHmacKey(sha256, deriveSigningKey(secretAccessKey, scope))
      // A Map keeps its order of insertion: set again, a key is the youngest.
      keys.delete(name)
      keys.set(name, lastKey)
      if (keys.size > capacity) keys.delete(keys.keys().next().value as string)
      lastDigest = secretDigest
      lastScope = scope.text
    }
    return lastKey
  }
}

/** A digest that stands for a secret in the cache, so that its plain text is never a key. */
export function digestSecret(secretAccessKey: string): string {
  return hash(sha256, secretAccessKey, 'hex')
}
