import { EzError, reveal, Secret, secret, secretHider } from '@ez/core'

/**
 * The secrets of one run: which values the script may read, and how those that it may not are placed.
 *
 * A secret with `allowedInScript: false` reaches the script as a placeholder that nobody can guess;
 * where the script writes it into the request, the host puts the value.
 */
export class Secrets {
  #mark = ''
  readonly #withheld = new Map<string, Secret>()
  readonly #readable = new Map<string, Secret>()
  /** Made anew when another secret is withheld. */
  #hider: ((text: string) => string) | undefined

  /** JSON text of values for the sandbox: secrets as text where the script may read them. */
  share(values: Readonly<Record<string, unknown>>): string {
    return JSON.stringify(this.#plain(values, new Set()))
  }

  #plain(value: unknown, above: Set<object>): unknown {
    if (Secret.isInstance(value)) return this.#secretText(value)
    if (typeof value === 'bigint') return value.toString()
    if (typeof value !== 'object' || value === null || above.has(value))
      return above.has(value as object) ? null : value
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value
    above.add(value)
    const plain = Array.isArray(value)
      ? value.map((item) => this.#plain(item, above))
      : Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#plain(item, above)]))
    above.delete(value)
    return plain
  }

  #secretText(value: Secret): string {
    const text = reveal(value)
    if (text === '') return ''
    if (value.allowedInScript) {
      this.#readable.set(text, value)
      return text
    }
    return this.withhold(value)
  }

  /** The secrets met so far. */
  known(): Secret[] {
    return [...this.#withheld.values(), ...this.#readable.values()]
  }

  /** The placeholder of a secret that the script may not read. */
  withhold(value: Secret): string {
    const { size } = this.#withheld
    const placeholder = this.#placeholderOf(value)
    if (this.#withheld.size > size) this.#hider = undefined
    return placeholder
  }

  #placeholderOf(value: Secret): string {
    const text = reveal(value)
    for (const [placeholder, known] of this.#withheld) if (reveal(known) === text) return placeholder
    if (this.#mark === '') this.#mark = unguessable()
    const placeholder = `ez-withheld-${this.#mark}-${this.#withheld.size}-`
    this.#withheld.set(placeholder, value)
    return placeholder
  }

  /** A text of the request as the script may see it. */
  hide(text: string): string {
    if (this.#withheld.size === 0) return text
    // What is found may be an encoded form: it has its own placeholder, so that it is put back as it was.
    this.#hider ??= secretHider([...this.#withheld.values()], (found) =>
      this.#placeholderOf(secret(found, { allowedInScript: false })),
    )
    return this.#hider(text)
  }

  /** A text that the script wrote, with placeholders resolved; a secret when it is or holds one. */
  resolve(text: string): string | Secret {
    const resolved = this.resolveText(text)
    return resolved === text
      ? (this.#readable.get(text) ?? text)
      : secret(resolved, { allowedInScript: false })
  }

  /** The same as plain text, for places that take no secret. */
  resolveText(text: string): string {
    if (this.#withheld.size === 0 || !text.includes(this.#mark)) return text
    let resolved = text
    // A function: of a text, replaceAll would read what follows a dollar.
    for (const [placeholder, value] of this.#withheld)
      resolved = resolved.replaceAll(placeholder, () => reveal(value))
    return resolved
  }

  /** The same in every text of a JSON value. */
  resolveDeep(value: unknown): unknown {
    if (typeof value === 'string') return this.resolveText(value)
    if (Array.isArray(value)) return value.map((item) => this.resolveDeep(item))
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.resolveDeep(item)]))
  }

  /** A message without secrets and placeholders. */
  mask(text: string): string {
    let masked = text
    for (const [placeholder] of this.#withheld) masked = masked.replaceAll(placeholder, '***')
    return secretHider([...this.#readable.values()], () => '***')(masked)
  }

  /** @throws EZ_SECRET_WITHHELD when a body holds what the script may not read */
  refuseIn(bytes: Uint8Array, file: string): void {
    if (this.#withheld.size === 0) return
    const text = new TextDecoder().decode(bytes)
    if (this.hide(text) !== text)
      throw new EzError(
        'EZ_SECRET_WITHHELD',
        `javascript ${file}: the body holds a secret that scripts may not read. Allow it with allowedInScript, or sign with a signer.`,
      )
  }
}

function unguessable(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
