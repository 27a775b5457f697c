import { reveal, Secret } from '../base/secret.ts'

/**
 * Whether what a look-up gave can be a secret: text that is not empty, marked secret or not.
 *
 * A verifier takes everything else for an unknown key: with an empty secret anybody can sign.
 *
 * @example
 * ```ts
 * import { isUsableSecret } from '@ez/core/received'
 *
 * console.log(isUsableSecret('abc'), isUsableSecret('')) // true false
 * ```
 */
export function isUsableSecret(value: unknown): value is string | Secret {
  return (typeof value === 'string' || Secret.isInstance(value)) && reveal(value) !== ''
}
