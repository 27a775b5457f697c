import { EzError, type PreRequestScript, type Provider, type ProviderHost, type Secret } from '@ez/core'
import { tokenProvider, type WithCredentials } from './options.ts'
import {
  checkSecretClient,
  type SecretClientOptions,
  secretClientRequest,
  secretClientSchema,
} from './secret-client.ts'
import { tokenScript } from './token-script.ts'

const id = 'client-credentials'

/** Options of {@link clientCredentials}. */
export interface ClientCredentialsOptions extends SecretClientOptions {
  readonly clientSecret: string | Secret
  /** More parameters of the token request, such as `audience` or `resource`. */
  readonly extraParameters?: Readonly<Record<string, string>>
}

/**
 * A token by the client credentials grant.
 *
 * Source: RFC 6749 section 4.4.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import { prepare, secret } from '@ez/core'
 * import { clientCredentials } from '@ez/oauth2/client-credentials'
 *
 * const token = clientCredentials({
 *   tokenEndpoint: 'https://auth.example.com/token',
 *   clientId: 'my-client',
 *   clientSecret: secret('example-secret'),
 *   scope: 'orders.read',
 * })
 * const template = { method: 'GET', url: 'https://api.example.com/orders', preRequest: [token] }
 * const prepared = await prepare(template)
 * ```
 */
export function clientCredentials(
  options: WithCredentials<ClientCredentialsOptions>,
  host?: ProviderHost,
): PreRequestScript {
  return tokenScript<ClientCredentialsOptions>(
    {
      id,
      check(given) {
        checkSecretClient(id, given, { clientSecret: 'secret', extraParameters: 'object?' })
        if (!Object.values(given.extraParameters ?? {}).every((value) => typeof value === 'string'))
          throw new EzError('EZ_OPTION_INVALID', `${id}: option extraParameters must hold strings.`)
      },
      identify(given) {
        const { tokenEndpoint, clientId, clientSecret, scope, extraParameters } = given
        return {
          distinguishing: [tokenEndpoint, clientId, clientSecret, scope, JSON.stringify(extraParameters)],
          secrets: [clientSecret],
          scope,
          request: () => secretClientRequest('client_credentials', given, extraParameters ?? {}),
        }
      },
    },
    options,
    host,
  )
}

/** `use: '@ez/oauth2/client-credentials'` in a request file. */
export const provider: Provider<ClientCredentialsOptions> = tokenProvider(
  id,
  clientCredentials,
  ['tokenEndpoint', 'clientId', 'clientSecret'],
  {
    ...secretClientSchema,
    extraParameters: { type: 'object', additionalProperties: { type: 'string' } },
  },
)
