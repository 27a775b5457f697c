import { toBase64, utf8 } from '#crypto'
import { EzError } from '../base/error.ts'
import { reveal } from '../base/secret.ts'
import { checkOptions } from '../check/options.ts'
import type { Provider, Signer } from '../contract/step.ts'
import { type Credential, credentialRule, withCredential } from './credential.ts'

/** Options of {@link basicAuth}. */
export interface BasicAuthOptions {
  /** Without a colon. */
  readonly username: string
  /** Masked wherever it is shown; not empty. */
  readonly password: Credential
}

// RFC 7617 section 2 allows none; most often it is the line break at the end of a file.
function checkControl(name: string, text: string): void {
  if (/\p{Cc}/u.test(text))
    throw new EzError('EZ_OPTION_INVALID', `basic-auth: option ${name} must not hold control characters.`)
}

/**
 * Sends user name and password in `authorization`, as UTF-8 in base64. Source: RFC 7617.
 *
 * The user name may be empty; an empty password counts as missing, since most often it is a variable that is not set.
 * For a service that takes a key as the user name alone, write the header yourself: `Basic {{credentials | base64}}`,
 * where the variable `credentials` is the key and a colon.
 *
 * @throws EZ_CREDENTIAL_MISSING, EZ_OPTION_INVALID when it is created, or when the function that gives the password
 * gives none, or one that cannot be sent
 * @throws EZ_TEXT_INVALID when name or password holds half of a surrogate pair
 *
 * @example
 * ```ts
 * import { basicAuth } from '@ez/core/steps'
 *
 * const signer = basicAuth({ username: 'Aladdin', password: 'open sesame' })
 * console.log(signer.id)
 * ```
 */
export function basicAuth(options: BasicAuthOptions): Signer {
  const id = 'basic-auth'
  checkOptions(id, options, { username: 'text', password: credentialRule })
  const { username, password: given } = options
  // A colon would end the user name early (RFC 7617 section 2).
  if (username.includes(':'))
    throw new EzError('EZ_OPTION_INVALID', `${id}: option username must not hold a colon.`)
  checkControl('username', username)
  if (typeof given !== 'function') checkControl('password', reveal(given))
  return {
    specVersion: 1,
    id,
    signs: false,
    writes: { headers: ['authorization'], query: [] },
    sign: (_, context) =>
      withCredential(id, given, context, (password) => {
        checkControl('password', password)
        const credentials = toBase64(utf8(`${username}:${password}`))
        return {
          patch: { headers: { authorization: `Basic ${credentials}` }, query: [] },
          trace: [],
          secrets: [password, credentials],
        }
      }),
  }
}

/** What `use: '@ez/core/steps/basic-auth'` in a request file loads. */
export const provider: Provider<BasicAuthOptions> = {
  id: 'basic-auth',
  options: {
    type: 'object',
    required: ['username', 'password'],
    additionalProperties: false,
    properties: {
      username: { type: 'string', description: 'Without a colon' },
      password: { type: 'string' },
    },
  },
  create: basicAuth,
}
