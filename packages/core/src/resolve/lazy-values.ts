import { EzError } from '../base/error.ts'
import { isThenable, quietly } from '../base/promises.ts'

/** The values that functions among the variables give: each is called at most once per attempt. */
export class LazyValues {
  /** What functions gave; a promise until it is there. */
  readonly #known: Map<unknown, { readonly value: unknown } | Promise<void>> = new Map()
  #pending: Promise<void>[] = []

  /** Whether a value that was asked for is still being fetched. */
  get isPending(): boolean {
    return this.#pending.length > 0
  }

  /** Waits for the values that are being fetched. @throws EZ_VARIABLE_FAILED */
  async awaitPending(): Promise<void> {
    const pending = this.#pending
    this.#pending = []
    await Promise.all(pending)
  }

  /** The value of a function; `undefined` while it is being fetched. @throws EZ_VARIABLE_FAILED */
  valueOf(give: () => unknown, name: string): { readonly value: unknown } | undefined {
    const known = this.#known.get(give)
    if (known instanceof Promise) {
      this.#pending.push(known)
      return undefined
    }
    if (known) return known
    let result: unknown
    try {
      result = give()
    } catch (cause) {
      throw functionError(name, cause)
    }
    if (!isThenable(result)) {
      const given = { value: result }
      this.#known.set(give, given)
      return given
    }
    const waiting = Promise.resolve(result).then(
      (value) => void this.#known.set(give, { value }),
      (cause: unknown) => {
        throw functionError(name, cause)
      },
    )
    this.#known.set(give, waiting)
    this.#pending.push(quietly(waiting))
    return undefined
  }
}

function functionError(name: string, cause: unknown): EzError {
  return EzError.isInstance(cause)
    ? cause
    : new EzError('EZ_VARIABLE_FAILED', `{{${name}}}: the function that gives its value failed.`, { cause })
}
