import { toBase64, utf8 } from '@ez/core/crypto'
import { EzError } from '../error.ts'
import { checkOptions } from '../options.ts'
import type { Signer } from '../step.ts'
import { type Credential, credentialRule, withCredential } from './credential.ts'

/** Options of {@link basicAuth}. */
export interface BasicAuthOptions {
  /** Without a colon. */
  readonly username: string
  readonly password: Credential
}

/**
 * Sends user name and password in `authorization`, as UTF-8 in base64. Source: RFC 7617.
 *
 * @throws EZ_CREDENTIAL_MISSING, EZ_OPTION_INVALID when it is created
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
  // A colon would end the user name early (RFC 7617 section 2).
  if (options.username.includes(':'))
    throw new EzError('EZ_OPTION_INVALID', `${id}: option username must not hold a colon.`)
  return {
    specVersion: 1,
    id,
    signs: false,
    writes: { headers: ['authorization'], query: [] },
    sign: (_, context) =>
      withCredential(id, options.password, context, (password) => {
        const credentials = toBase64(utf8(`${options.username}:${password}`))
        return {
          patch: { headers: { authorization: `Basic ${credentials}` }, query: [] },
          trace: [],
          secrets: [password, credentials],
        }
      }),
  }
}
