import { EzError } from '../base/error.ts'
import { isThenable } from '../base/promises.ts'
import { reveal, Secret } from '../base/secret.ts'
import type { SignContext } from '../contract/step.ts'

/** A credential, or where it comes from: a function of the attempt, for rotation and many tenants. */
export type Credential =
  | string
  | Secret
  | ((context: SignContext) => string | Secret | Promise<string | Secret>)

/** What a credential is checked as when a step is created. */
export const credentialRule = 'secret|function'

/**
 * Gives a credential's text to `use`; waits only when the credential has to be fetched.
 *
 * @throws EZ_CREDENTIAL_MISSING
 */
export function withCredential<Result>(
  id: string,
  credential: Credential,
  context: SignContext,
  use: (value: string) => Result,
): Result | Promise<Result> {
  const checked = (value: unknown): Result => {
    const text = typeof value === 'string' || Secret.isInstance(value) ? reveal(value) : ''
    if (text === '')
      throw new EzError(
        'EZ_CREDENTIAL_MISSING',
        `${id}: the function that gives the credential returned none. Check where it reads it.`,
      )
    return use(text)
  }
  const value = typeof credential === 'function' ? credential(context) : credential
  return isThenable<unknown>(value) ? Promise.resolve(value).then(checked) : checked(value)
}
