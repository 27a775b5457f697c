import { EzError } from '../base/error.ts'

/**
 * What a function among a verifier's options gives, such as `secretFor` or `nonceSeen`.
 *
 * An `EzError` that it throws goes on as it is.
 *
 * @throws EZ_OPTION_INVALID when the function throws anything else, with that as `cause`
 *
 * @example
 * ```ts
 * import { askOption } from '@ez/core/received'
 *
 * const options = { secretFor: async (keyId: string) => (keyId === 'a' ? 'secret' : undefined) }
 * const secret = await askOption('verify my-scheme', 'secretFor', () => options.secretFor('a'))
 * ```
 */
export async function askOption<Value>(
  verifier: string,
  name: string,
  ask: () => Value | PromiseLike<Value>,
): Promise<Value> {
  try {
    return await ask()
  } catch (cause) {
    if (EzError.isInstance(cause)) throw cause
    throw new EzError('EZ_OPTION_INVALID', `${verifier}: option ${name} threw. See cause.`, { cause })
  }
}
