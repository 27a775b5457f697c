import type { PreRequestScript, Provider, Secret } from '@ez/core'
import { reveal } from '@ez/core'
import { bySecret, type SecretPlacement } from './client-authentication.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  commonSchema,
  type WithCredentials,
} from './options.ts'
import { tokenScript } from './token-script.ts'

const id = 'refresh-token'

/** Options of {@link refreshToken}. */
export interface RefreshTokenOptions extends CommonTokenOptions {
  /** URL of the token endpoint. */
  readonly tokenEndpoint: string
  readonly clientId: string
  /** Left out for a public client. */
  readonly clientSecret?: string | Secret
  readonly refreshToken: string | Secret
  /** Whether the server replaces the refresh token at each use (default `true`); such a token needs a store with a lock. */
  readonly rotating?: boolean
  /** Where the secret is sent (default `basic`). */
  readonly authentication?: SecretPlacement
  /** Scopes, with spaces between. */
  readonly scope?: string
}

/**
 * A token by the refresh token grant. A rotated refresh token is kept in the store and never used twice.
 *
 * In memory a rotated token lives as long as the process: give a `store` that lasts.
 *
 * Source: RFC 6749 section 6; RFC 9700 section 4.14.2.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED, EZ_TOKEN_REFRESH_UNFINISHED when it runs
 *
 * @example
 * ```ts
 * import { secret } from '@ez/core'
 * import { refreshToken } from '@ez/oauth2/refresh-token'
 *
 * const token = refreshToken({
 *   tokenEndpoint: 'https://auth.example.com/token',
 *   clientId: 'my-client',
 *   clientSecret: secret('example-secret'),
 *   refreshToken: secret('example-refresh-token'),
 * })
 * ```
 */
export function refreshToken(options: WithCredentials<RefreshTokenOptions>): PreRequestScript {
  return tokenScript<RefreshTokenOptions>(
    {
      id,
      check(given) {
        checkTokenOptions(id, given, {
          tokenEndpoint: 'string',
          clientId: 'string',
          clientSecret: 'secret?',
          refreshToken: 'secret',
          rotating: 'boolean?',
          authentication: "'basic'|'post'?",
          scope: 'string?',
        })
        checkEndpoint(id, 'tokenEndpoint', given.tokenEndpoint)
      },
      identify(given) {
        const {
          tokenEndpoint,
          clientId,
          clientSecret,
          scope,
          authentication = 'basic',
          rotating = true,
        } = given
        return {
          distinguishing: [tokenEndpoint, clientId, given.refreshToken, scope],
          secrets: [clientSecret, given.refreshToken],
          rotating,
          request: (_, last) => ({
            grant: 'refresh_token',
            endpoint: tokenEndpoint,
            clientId,
            authenticate: bySecret(clientSecret, authentication),
            parameters: {
              refresh_token: last ?? reveal(given.refreshToken),
              ...(scope === undefined ? {} : { scope }),
            },
          }),
        }
      },
    },
    options,
  )
}

/** `use: '@ez/oauth2/refresh-token'` in a request file. */
export const provider: Provider<RefreshTokenOptions> = {
  id,
  options: {
    type: 'object',
    required: ['tokenEndpoint', 'clientId', 'refreshToken'],
    additionalProperties: false,
    properties: {
      tokenEndpoint: { type: 'string', format: 'uri' },
      clientId: { type: 'string' },
      clientSecret: { type: 'string' },
      refreshToken: { type: 'string' },
      rotating: { type: 'boolean', default: true },
      authentication: { enum: ['basic', 'post'], default: 'basic' },
      scope: { type: 'string' },
      ...commonSchema,
    },
  },
  create: refreshToken,
}
