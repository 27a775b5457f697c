import { type PreRequestScript, type Provider, reveal, type Secret } from '@ez/core'
import { bySecret, type SecretPlacement } from './client-authentication.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  commonSchema,
  type WithCredentials,
} from './options.ts'
import { tokenScript } from './token-script.ts'

const id = 'password'

/** Options of {@link password}. */
export interface PasswordOptions extends CommonTokenOptions {
  /** URL of the token endpoint. */
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Left out for a public client. */
  readonly clientSecret?: string | Secret
  readonly username: string
  readonly password: string | Secret
  /** Where the secret is sent (default `basic`). */
  readonly authentication?: SecretPlacement
  /** Scopes, with spaces between. */
  readonly scope?: string
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
export function password(options: WithCredentials<PasswordOptions>): PreRequestScript {
  return tokenScript<PasswordOptions>(
    {
      id,
      check(given) {
        checkTokenOptions(id, given, {
          tokenEndpoint: 'string',
          clientId: 'string',
          clientSecret: 'secret?',
          username: 'string',
          password: 'secret',
          authentication: "'basic'|'post'?",
          scope: 'string?',
        })
        checkEndpoint(id, 'tokenEndpoint', given.tokenEndpoint)
      },
      identify(given) {
        const { tokenEndpoint, clientId, clientSecret, username, scope, authentication = 'basic' } = given
        return {
          distinguishing: [tokenEndpoint, clientId, username, given.password, scope],
          secrets: [clientSecret, given.password],
          request: () => ({
            grant: 'password',
            endpoint: tokenEndpoint,
            clientId,
            authenticate: bySecret(clientSecret, authentication),
            parameters: {
              username,
              password: reveal(given.password),
              ...(scope === undefined ? {} : { scope }),
            },
          }),
        }
      },
    },
    options,
  )
}

/** `use: '@ez/oauth2/password'` in a request file. */
export const provider: Provider<PasswordOptions> = {
  id,
  options: {
    type: 'object',
    required: ['tokenEndpoint', 'clientId', 'username', 'password'],
    additionalProperties: false,
    properties: {
      tokenEndpoint: { type: 'string', format: 'uri' },
      clientId: { type: 'string' },
      clientSecret: { type: 'string' },
      username: { type: 'string' },
      password: { type: 'string' },
      authentication: { enum: ['basic', 'post'], default: 'basic' },
      scope: { type: 'string' },
      ...commonSchema,
    },
  },
  create: password,
}
