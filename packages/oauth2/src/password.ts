import { type PreRequestScript, type Provider, type ProviderHost, reveal, type Secret } from '@ez/core'
import { tokenProvider, type WithCredentials } from './options.ts'
import {
  checkSecretClient,
  type SecretClientOptions,
  secretClientRequest,
  secretClientSchema,
} from './secret-client.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'password'

/** Options of {@link password}. */
export interface PasswordOptions extends SecretClientOptions {
  /** Name of the user whose token is asked for. */
  readonly username: string
  /** Password of that user. */
  readonly password: string | Secret
}

/**
 * A token by the password grant, for old systems that offer nothing better.
 *
 * Source: RFC 6749 section 4.3; RFC 9700 section 2.4 forbids it for new systems.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import { secret } from '@ez/core'
 * import { password } from '@ez/oauth2/password'
 *
 * const token = password({
 *   tokenEndpoint: 'https://auth.example.com/token',
 *   clientId: 'my-client',
 *   username: 'integration',
 *   password: secret('example-password'),
 * })
 * ```
 */
export function password(options: WithCredentials<PasswordOptions>, host?: ProviderHost): PreRequestScript {
  return tokenScript<PasswordOptions>(
    {
      id,
      check: (given) => checkSecretClient(id, given, { username: 'string', password: 'secret' }),
      identify(given) {
        const { tokenEndpoint, clientId, clientSecret, username, scope } = given
        return {
          distinguishing: [tokenEndpoint, clientId, username, given.password, scope],
          secrets: [clientSecret, given.password],
          request: (context) =>
            secretClientRequest(
              id,
              'password',
              given,
              { username, password: reveal(given.password) },
              context,
            ),
        }
      },
    },
    options,
    host,
  )
}

/** `use: '@ez/oauth2/password'` in a request file. */
export const provider: Provider<PasswordOptions> = tokenProvider(
  id,
  password,
  ['tokenEndpoint', 'clientId', 'username', 'password'],
  { ...secretClientSchema, username: { type: 'string' }, password: { type: 'string' } },
)
