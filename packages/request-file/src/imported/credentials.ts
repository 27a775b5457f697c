/** Names that certainly hold a credential, wherever they stand; names such as `key` may be anything in a body. */
const certain =
  /(?:^|[_.\-[])(?:secret|password|passwd|passphrase|pwd|api[_-]?key|(?:access|refresh|id|auth|session|security)[_-]?token|(?:private|secret|subscription)[_-]?key|(?:client|consumer)[_-]?secret|client[_-]?assertion|assertion)\]?$|[a-z0-9](?:Secret|Password|Passphrase|ApiKey|AccessToken|RefreshToken|PrivateKey|SecretKey)$/i

/** Whether the name of a field or of a query pair says that it holds a credential. */
export const isCredentialField = (name: string): boolean => certain.test(name)

/** Whether the name of a query pair does: shorter ones are used for keys there. */
export const isCredentialPair = (name: string): boolean =>
  certain.test(name) || /^(?:key|token|sig|apikey|appkey|code)$/i.test(name)

/** Whether a value is written out: empty ones and tokens hide nothing. */
export const isWritten = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !value.includes('{{') && !value.includes('{%')

/** Credentials that were taken out of a file, by the names of the variables in their places. */
export class Credentials {
  readonly #values = new Map<string, string>()

  /** The values, by names. */
  get values(): Record<string, string> {
    return Object.fromEntries(this.#values)
  }

  /** Whether a name stands for a value that is known. */
  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The name of the variable for a value: the wanted one, or one with a number when that stands for another value. */
  name(wanted: string, value: string): string {
    const base =
      wanted
        .replace(/[^\p{L}\p{N}]+/gu, '_')
        .replace(/^_+|_+$/g, '')
        .toLowerCase()
        .replace(/^(?=\p{N})/u, '_') || 'credential'
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? base : `${base}_${number}`
      const known = this.#values.get(name)
      if (known === undefined) this.#values.set(name, value)
      if (known === undefined || known === value) return name
    }
  }
}
