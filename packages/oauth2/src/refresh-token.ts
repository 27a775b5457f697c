import { type PreRequestScript, type Provider, type ProviderHost, reveal, type Secret } from '@ez/core'
import { tokenProvider, type WithCredentials } from './options.ts'
import {
  checkSecretClient,
  type SecretClientOptions,
  secretClientRequest,
  secretClientSchema,
} from './secret-client.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'refresh-token'

/** Options of {@link refreshToken}. */
export interface RefreshTokenOptions extends SecretClientOptions {
  /** The first one; of a server that replaces it, the store holds those that follow. */
  readonly refreshToken: string | Secret
  /** Whether the server replaces the refresh token at each use (default `true`); such a token needs a store with a lock. */
  readonly rotating?: boolean
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
export function refreshToken(
  options: WithCredentials<RefreshTokenOptions>,
  host?: ProviderHost,
): PreRequestScript {
  return tokenScript<RefreshTokenOptions>(
    {
      id,
      check: (given) => checkSecretClient(id, given, { refreshToken: 'secret', rotating: 'boolean?' }),
      identify(given) {
        const { tokenEndpoint, clientId, clientSecret, scope, rotating = true } = given
        return {
          distinguishing: [tokenEndpoint, clientId, given.refreshToken, scope],
          secrets: [clientSecret, given.refreshToken, given.privateKey],
          rotating,
          scope,
          request: (context, last) =>
            secretClientRequest(
              id,
              'refresh_token',
              given,
              { refresh_token: last ?? reveal(given.refreshToken) },
              context,
            ),
        }
      },
    },
    options,
    host,
  )
}

/** `use: '@ez/oauth2/refresh-token'` in a request file. */
export const provider: Provider<RefreshTokenOptions> = tokenProvider(
  id,
  refreshToken,
  ['tokenEndpoint', 'clientId', 'refreshToken'],
  {
    ...secretClientSchema,
    refreshToken: { type: 'string' },
    rotating: { type: 'boolean', default: true },
  },
)
